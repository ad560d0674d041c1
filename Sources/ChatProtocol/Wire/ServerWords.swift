internal import Failures
internal import KeyFormats
internal import Registry

/// Texts that come from a server.
///
/// Each text is marked as the server's, so that a user does not take it for a finding of the
/// client. If the client knows the code, it prints its own text instead.
enum ServerWords {
    private static let largestCharacterCount = 200

    /// Returns a server's text with the mark; an empty text stays empty.
    static func quoted(_ text: String) -> String {
        text.isEmpty
            ? ""
            : "the server says: \"\(Printable.text(text, limit: largestCharacterCount))\""
    }

    /// Returns why a server keeps its old settings; `nil` if it has the new ones.
    static func failure(_ reloaded: WireReloaded) -> String? {
        reloaded.failure.isEmpty ? nil : quoted(reloaded.failure)
    }

    /// Returns why a server closes a session.
    static func farewell(_ bye: WireBye) -> String {
        switch bye.code {
        case "restart": "the server ends this session, to begin a new one"
        case "shutdown": "the server was shut down"
        default: bye.message.isEmpty ? "the server closed the session" : quoted(bye.message)
        }
    }

    /// Returns the code of a server's answer; `nil` for codes that only a client may find.
    private static func code(_ text: String) -> ChatError.Code? {
        let code = ChatError.Code(rawValue: text)
        return switch code {
        case .protocolViolation, .oversized, .notAdmitted, .notInRoom, .revoked, .retired, .expired,
            .clock, .statementsRefused, .stale, .invalidMessage, .tooLong, .forbidden, .unavailable,
            .tooManySessions:
            code
        default: nil
        }
    }

    /// Returns why a server refuses the login of a version of the user's key.
    static func refusal(_ refusal: WireRefusal, to user: KeyName, version: Int) -> ChatError {
        switch code(refusal.code) {
        case .notAdmitted?: Admission.notAdmitted
        case .notInRoom?: Admission.notInRoom(user, RegistryState.room)
        case .revoked?: Admission.revoked(user, version)
        case .retired?: Admission.retired(user, version)
        case .expired?: Admission.expired(user)
        case .clock?: Admission.clock
        case let code:
            ChatError(
                code ?? .unavailable,
                refusal.message.isEmpty
                    ? "the server refused the login without a reason"
                    : "the server refused the login; \(quoted(refusal.message))"
            )
        }
    }

    /// Returns why a server rejects a published entry.
    static func rejection(_ rejected: WireRejected) -> ChatError {
        switch code(rejected.code) {
        case .forbidden?: ChatError(.forbidden, "the server does not allow you to do that")
        case .tooLong?: ChatError(.tooLong, "the server does not accept a message of this length")
        case let code:
            ChatError(
                code ?? .invalidMessage,
                rejected.message.isEmpty
                    ? "the server did not accept it"
                    : "the server did not accept it; \(quoted(rejected.message))"
            )
        }
    }
}
