public import Failures
internal import KeyFormats

/// A failure to read or check a signature.
public typealias SignatureError = Failure<SignatureErrorCode>

/// What kind of failure of a signature it is.
public enum SignatureErrorCode: String, FailureCode {
    /// The signature cannot be read.
    case damaged = "signature-damaged"
    /// The signature does not verify.
    case notVerified = "not-verified"
    /// The signature cannot be made with this namespace.
    case usage = "signature-usage"

    /// Whether the signature does not verify.
    public var isVerificationFailure: Bool { self == .notVerified }
}

extension SignatureError {
    static func damaged(_ what: String) -> SignatureError {
        SignatureError(.damaged, "the signature cannot be read: \(what)")
    }

    /// Makes the error for a well-formed signature that does not verify.
    package static func notVerified(_ why: String, hint: String? = nil) -> SignatureError {
        SignatureError(.notVerified, "NOT VERIFIED: \(why)", hint: hint)
    }

    static func otherNamespace(_ found: String, wanted: String) -> SignatureError {
        notVerified(
            "it is a signature for \"\(found)\", not for \"\(wanted)\"",
            hint: "if that is what you expect: -n \(Printable.shellWord(found))"
        )
    }

    static var changed: SignatureError { notVerified("the file or the signature was changed") }

    static func namespace(_ text: String) -> SignatureError {
        SignatureError(
            .usage,
            "\"\(Printable.text(text, limit: 64))\" is not a valid namespace",
            hint: "use a namespace that says what is signed: file, git, or name@your.domain"
        )
    }
}
