internal import Failures
internal import KeyFormats

/// Errors that a client's session finds.
extension ChatError {
    static var outOfTurn: ChatError { violation("a frame came out of turn") }

    static var notConnected: ChatError {
        ChatError(
            .unreachable,
            "there is no connection to the server at the moment",
            hint: "try again in a moment"
        )
    }

    static func longText(_ byteCount: Int) -> ChatError {
        ChatError(
            .tooLong,
            "the message has \(byteCount) bytes, at most \(ClientLimits.textByteCount) are sent",
            hint: "send it in parts"
        )
    }

    /// The user leaves while messages are held because of new members.
    static func held(_ count: Int) -> ChatError {
        ChatError(
            .stale,
            "\(count) of your messages were not sent: somebody new would have read them",
            hint: "connect again and send them, if every current member may read them"
        )
    }

    static func unreadableMessages(_ count: Int) -> ChatError {
        ChatError(
            .unreadable,
            "\(count) earlier messages cannot be read with your keys",
            hint:
                "they were sent before you were a member, or the server does not keep them any more"
        )
    }

    static func mismatch(_ name: KeyName, _ reason: String) -> ChatError {
        ChatError(
            .keyMismatch,
            "messages to and from \"\(name)\" are blocked: \(reason)",
            hint: "compare fingerprints with \(name) in person (keyctl show \(name)); then "
                + "keyctl import --replace, or tell the admin"
        )
    }
}
