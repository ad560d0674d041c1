import CryptoCore
internal import Failures
import Logging

/// Temporary problems.
///
/// Each is logged when it begins, changes and ends.
///
/// The engine tries again several times a second, and the log must not grow with every try.
struct ProblemLog {
    /// The things that can have a problem.
    enum Topic: String {
        case store = "the chat's store"
        case reading = "reading the chat's store"
        case pruning = "forgetting old messages"
        case registry = "the registry"
        case events = "the registry's lines in the room"
        case updates = "reading the registry for members"
        case serverKey = "the server's key"
        case certificate = "the server's certificate"
        case admins = "the list of admins"
        case statements = "statements of a member"
        case checkpoint = "the checkpoint"
        case head = "the file of the room's head"
    }

    private let logger: Logger
    private var present: [Topic: String] = [:]

    init(logger: Logger) { self.logger = logger }

    /// Logs that something fails, and why, unless the log says so already.
    mutating func begin(_ topic: Topic, _ error: any Error) {
        let text = (error as? any ReportableError)?.message ?? "\(error)"
        guard present.updateValue(text, forKey: topic) != text else { return }
        logger.error("\(topic.rawValue): \(text)")
    }

    /// Logs that it works again.
    mutating func end(_ topic: Topic) {
        guard present.removeValue(forKey: topic) != nil else { return }
        logger.notice("\(topic.rawValue): it works again")
    }
}
