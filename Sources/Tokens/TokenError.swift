public import Failures

/// A failure to read, make or check a token.
public struct TokenError: ReportableError {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The token or key cannot be read.
        case damaged = "token-damaged"
        /// The token does not verify: its key, its signature or its time.
        case notVerified = "token-not-verified"
    }

    /// What kind of failure it is.
    public let code: Code
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?
    /// A stable name for programs.
    public var codeName: String { code.rawValue }

    /// Whether the token does not verify.
    public var isVerificationFailure: Bool { code == .notVerified }

    private init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// A token or a key that cannot be read.
    public static func damaged(_ what: String, hint: String? = nil) -> TokenError {
        TokenError(.damaged, what, hint: hint)
    }

    /// A token that does not verify.
    public static func notVerified(_ why: String, hint: String? = nil) -> TokenError {
        TokenError(.notVerified, "NOT VERIFIED: \(why)", hint: hint)
    }
}
