import CryptoCore
internal import Failures
import Logging

/// Troubles that come and go: each is logged when it begins, when it changes, and when it is over.
///
/// The writer tries again several times a second; its log must not grow with every try.
struct ProblemLog {
    /// What can be in trouble.
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

    /// Says that something fails, and why; nothing where that was said already.
    mutating func begin(_ topic: Topic, _ error: any Error) {
        let text = (error as? any ReportableError)?.message ?? "\(error)"
        guard present.updateValue(text, forKey: topic) != text else { return }
        logger.error("\(topic.rawValue): \(text)")
    }

    /// Says that it works again.
    mutating func end(_ topic: Topic) {
        guard present.removeValue(forKey: topic) != nil else { return }
        logger.notice("\(topic.rawValue): it works again")
    }
}
