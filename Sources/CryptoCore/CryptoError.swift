public import Failures

/// A failure of a cryptographic operation.
public struct CryptoError: ReportableError {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// An authenticated decryption or a signature did not verify.
        case authenticationFailed = "authentication-failed"
        /// Bytes are not the structure they should be.
        case invalidEncoding = "invalid-encoding"
        /// A parameter is outside what is allowed.
        case invalidParameter = "invalid-parameter"
        /// There is not enough memory for a derivation.
        case insufficientMemory = "insufficient-memory"
        /// The library refused.
        case libraryFailure = "library-failure"
    }

    /// What kind of failure it is.
    public let code: Code
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?
    /// A stable name for programs.
    public var codeName: String { code.rawValue }

    private init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// One error for every failed authentication; it carries no detail on purpose.
    static let authenticationFailed = CryptoError(
        .authenticationFailed,
        "authentication failed: the passphrase or key is wrong, or the data was changed"
    )

    /// The same for the targets above this one: what was decrypted shows that the key was wrong.
    public static let wrongKey = authenticationFailed

    /// Bytes that are not the structure that they should be; `what` is its name, such as
    /// "certificate".
    static func invalidEncoding(_ what: String) -> CryptoError {
        CryptoError(.invalidEncoding, "the \(what) is damaged")
    }

    /// A structure that can be read and is refused; `message` is the whole sentence.
    static func refused(_ message: String, hint: String? = nil) -> CryptoError {
        CryptoError(.invalidEncoding, message, hint: hint)
    }

    /// Bytes that are not what they should be, for the targets above this one.
    public static func malformed(_ what: String) -> CryptoError { invalidEncoding(what) }

    static func invalidParameter(_ what: String, hint: String? = nil) -> CryptoError {
        CryptoError(.invalidParameter, what, hint: hint)
    }

    static func insufficientMemory(needed: UInt64, available: UInt64) -> CryptoError {
        CryptoError(
            .insufficientMemory,
            "the key derivation needs \(needed >> 20) MiB of memory, and \(available >> 20) MiB are free",
            hint: "free some memory, or raise this container's memory limit"
        )
    }

    static func libraryFailure(_ function: String) -> CryptoError {
        CryptoError(.libraryFailure, "the cryptographic library failed in \(function)")
    }
}
