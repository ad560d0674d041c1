public import Failures

/// A failure of a cryptographic operation.
public typealias CryptoError = Failure<CryptoErrorCode>

/// What kind of failure of a cryptographic operation it is.
public enum CryptoErrorCode: String, FailureCode {
    /// An authenticated decryption or a signature did not verify.
    case authenticationFailed = "authentication-failed"
    /// Bytes are not a valid structure of the expected kind.
    case invalidEncoding = "invalid-encoding"
    /// A parameter is out of bounds.
    case invalidParameter = "invalid-parameter"
    /// A key derivation needs more memory than is free.
    case insufficientMemory = "insufficient-memory"
    /// A function of the cryptographic library failed.
    case libraryFailure = "library-failure"
}

extension CryptoError {
    /// The only error for a failed authentication.
    ///
    /// It carries no detail, so that an attacker learns none.
    static var authenticationFailed: CryptoError {
        CryptoError(
            .authenticationFailed,
            "authentication failed: the passphrase or key is wrong, or the data was changed"
        )
    }

    /// The same error, for other targets: the decrypted bytes show that the key was wrong.
    public static var wrongKey: CryptoError { authenticationFailed }

    /// Bytes that are not a valid structure; `what` is its name, for example "certificate".
    static func invalidEncoding(_ what: String) -> CryptoError {
        CryptoError(.invalidEncoding, "the \(what) is damaged")
    }

    /// A readable structure that is refused; `message` is the whole sentence.
    static func refused(_ message: String, hint: String? = nil) -> CryptoError {
        CryptoError(.invalidEncoding, message, hint: hint)
    }

    /// The same as `invalidEncoding`, for other targets.
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
