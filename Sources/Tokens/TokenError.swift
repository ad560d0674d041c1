public import Failures

/// A failure to read, make or check a token.
public typealias TokenError = Failure<TokenErrorCode>

/// What kind of failure of a token it is.
public enum TokenErrorCode: String, FailureCode {
    /// The token or the key cannot be read.
    case damaged = "token-damaged"
    /// The token does not verify: because of its key, its signature or its time.
    case notVerified = "token-not-verified"

    /// Whether the token does not verify.
    public var isVerificationFailure: Bool { self == .notVerified }
}

extension TokenError {
    /// Makes the error for a token or a key that cannot be read.
    public static func damaged(_ what: String, hint: String? = nil) -> TokenError {
        TokenError(.damaged, what, hint: hint)
    }

    /// Makes the error for a token that does not verify.
    public static func notVerified(_ why: String, hint: String? = nil) -> TokenError {
        TokenError(.notVerified, "NOT VERIFIED: \(why)", hint: hint)
    }
}
