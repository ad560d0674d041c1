public import Failures

/// A failure to read, make or check a token.
///
/// Only the factories below make one.
public struct TokenError: ReportableError {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// The token or the key cannot be read.
        case damaged = "token-damaged"
        /// The token does not verify: because of its key, its signature or its time.
        case notVerified = "token-not-verified"
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, as the programs print it.
    public let message: String
    /// What the user can do; `nil` if there is nothing to do.
    public let hint: String?
    /// The stable name of the code, for programs.
    public var codeName: String { code.rawValue }

    /// Whether the token does not verify.
    public var isVerificationFailure: Bool { code == .notVerified }

    private init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Makes the error for a token or a key that cannot be read.
    public static func damaged(_ what: String, hint: String? = nil) -> TokenError {
        TokenError(.damaged, what, hint: hint)
    }

    /// Makes the error for a token that does not verify.
    public static func notVerified(_ why: String, hint: String? = nil) -> TokenError {
        TokenError(.notVerified, "NOT VERIFIED: \(why)", hint: hint)
    }
}
