internal import KeyFormats
internal import Registry

/// What a server says in its own words: always marked as its words, and never taken for what this
/// client found out itself.
///
/// Where a code is known, the text is this client's own.
enum ServerWords {
    private static let largestCharacterCount = 200

    /// A server's text, marked; empty where it said nothing.
    static func quoted(_ text: String) -> String {
        text.isEmpty
            ? ""
            : "the server says: \"\(Printable.text(text, limit: largestCharacterCount))\""
    }

    /// Why a server closes a session.
    static func farewell(_ bye: WireBye) -> String {
        switch bye.code {
        case "restart": "the server ends this session, to begin a new one"
        case "shutdown": "the server was shut down"
        default: bye.message.isEmpty ? "the server closed the session" : quoted(bye.message)
        }
    }

    /// What a server may say of a login or a message: what a client finds out by itself, a server
    /// cannot claim.
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

    /// Why a server does not let a version of somebody's key in.
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

    /// Why a server does not take something.
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
