public import Failures
internal import KeyFormats

/// A failure to read or check a signature.
public struct SignatureError: ReportableError {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The signature cannot be read.
        case damaged = "signature-damaged"
        /// It does not verify.
        case notVerified = "not-verified"
        /// What was asked for cannot be signed so.
        case usage = "signature-usage"
    }

    /// What kind of failure it is.
    public let code: Code
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?
    /// A stable name for programs.
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

    /// A signature that is well formed and does not verify.
    public static func notVerified(_ why: String, hint: String? = nil) -> SignatureError {
        SignatureError(.notVerified, "NOT VERIFIED: \(why)", hint: hint)
    }

    static func namespace(_ text: String) -> SignatureError {
        SignatureError(
            .usage,
            "\"\(Printable.text(text, limit: 64))\" is not a valid namespace",
            hint: "use a namespace that says what is signed: file, git, or name@your.domain"
        )
    }
}
