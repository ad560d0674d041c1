/// The error type of a target: a code to switch over, a message, and a hint if the user can act.
///
/// A target names it once, `public typealias BackupError = Failure<BackupErrorCode>`, and makes it
/// only in the factories of one extension, so that all its wording stands in one file.
public struct Failure<Kind: FailureCode>: ReportableError, Equatable {
    /// The kinds of failure of the target.
    public typealias Code = Kind

    /// The kind of failure.
    public let code: Kind
    /// The message to print.
    public let message: String
    /// The next step for the user; `nil` if there is none.
    public let hint: String?

    /// A stable name for programs.
    public var codeName: String { code.rawValue }
    /// Whether the error says that a signature or a token did not verify.
    public var isVerificationFailure: Bool { code.isVerificationFailure }

    /// For the factories of a target.
    package init(_ code: Kind, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
