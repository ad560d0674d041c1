import ChatProtocol
import Failures

/// Errors that the client finds outside of the session: files, processes and the registry.
extension ChatError {
    static func cannotKeep(_ why: String) -> ChatError {
        ChatError(
            .configuration,
            "what the server showed could not be stored here: \(why)",
            hint: "check the free space: df -h; no data is lost, because the server sends it again"
        )
    }

    static func cannotKeepFork(_ why: String) -> ChatError {
        ChatError(
            .configuration,
            "the evidence of the fork could not be stored here, so the next start may not stop: "
                + why,
            hint: "do not connect before you have asked the server's admin in person"
        )
    }

    static func shownTwice(_ why: String) -> ChatError {
        ChatError(
            .fork,
            "the server shows two of your processes different registries: \(why)",
            hint: "stop, and ask the server's admin in person what happened"
        )
    }

    static func unacknowledged(_ count: Int) -> ChatError {
        let subject =
            count == 1
            ? "1 message was not acknowledged" : "\(count) messages were not acknowledged"
        return ChatError(
            .unacknowledged,
            "\(subject): the server may not have stored what you said last",
            hint: "see with /history what arrived, and send the rest again"
        )
    }

    static func unsent(_ count: Int) -> ChatError {
        ChatError(
            .unacknowledged,
            count == 1 ? "1 message was not sent" : "\(count) messages were not sent",
            hint: "send them again when the server lets you in"
        )
    }

    static func ownRegistry(_ why: String?) -> ChatError {
        ChatError(
            .configuration,
            "your own registry cannot be read, so nobody can be trusted: \(why ?? "unknown")",
            hint: "keyctl doctor shows what is wrong with it"
        )
    }

    static func readerInUse(_ name: String) -> ChatError {
        ChatError(
            .configuration,
            "another securechat of yours uses the reader \"\(name)\" already: this one marks "
                + "nothing as read",
            hint: "for a separate read position: --reader NAME"
        )
    }

    static var changingServer: ChatError {
        ChatError(
            .wrongServer,
            "the server names another chat at each connection",
            hint: "ask its admin what happened"
        )
    }
}
