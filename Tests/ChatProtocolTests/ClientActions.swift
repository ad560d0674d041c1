import ChatProtocol
import Failures

/// What a test looks for in the actions of a session.
extension [ClientAction] {
    /// The frames that are sent.
    var frames: [WireFrame] {
        compactMap { if case .send(let frame) = $0 { frame } else { nil } }
    }

    /// What is shown.
    var shown: [ClientEvent] {
        compactMap { if case .show(let event) = $0 { event } else { nil } }
    }

    /// The texts of messages that are shown.
    var messages: [String] {
        shown.compactMap { if case .message(let message) = $0 { message.text } else { nil } }
    }

    /// The texts of notices that are shown.
    var notices: [String] {
        shown.compactMap { if case .notice(let text, _) = $0 { text } else { nil } }
    }

    /// The errors that are shown while the session goes on.
    var errors: [ChatError] {
        shown.compactMap { if case .error(let error) = $0 { error } else { nil } }
    }

    /// Whether the session is over.
    var isEnd: Bool { contains { if case .finish = $0 { true } else { false } } }

    /// Why the session is over.
    var failure: ChatError? {
        for case .finish(let error) in self { return error }
        return nil
    }

    /// How many announcements and messages are sent.
    var publishedCount: Int {
        frames.count { if case .publish? = $0.kind { true } else { false } }
    }
}
