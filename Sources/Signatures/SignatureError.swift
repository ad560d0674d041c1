public import Failures
internal import KeyFormats

/// A failure to read or check a signature.
///
/// Only the factories below make one.
public struct SignatureError: ReportableError {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// The signature cannot be read.
        case damaged = "signature-damaged"
        /// The signature does not verify.
        case notVerified = "not-verified"
        /// The signature cannot be made with this namespace.
        case usage = "signature-usage"
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, as the programs print it.
    public let message: String
    /// What the user can do; `nil` if there is nothing to do.
    public let hint: String?
    /// The stable name of the code, for programs.
    public var codeName: String { code.rawValue }

    /// Whether the signature does not verify.
    public var isVerificationFailure: Bool { code == .notVerified }

    private init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

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

    static let changed = notVerified("the file or the signature was changed")

    static func namespace(_ text: String) -> SignatureError {
        SignatureError(
            .usage,
            "\"\(Printable.text(text, limit: 64))\" is not a valid namespace",
            hint: "use a namespace that says what is signed: file, git, or name@your.domain"
        )
    }
}
