/// The error of a target: a code to switch over, a message, and a hint where the user can act.
///
/// A target names it once, `public typealias BackupError = Failure<BackupErrorCode>`, and makes it
/// only in the factories of one extension, so that all its wording stands in one file.
public struct Failure<Kind: FailureCode>: ReportableError, Equatable {
    /// The kinds of failure of the target.
    public typealias Code = Kind

    /// What kind of failure it is.
    public let code: Kind
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?

    /// A stable name for programs.
    public var codeName: String { code.rawValue }
    /// Whether it says that a signature or a token does not verify.
    public var isVerificationFailure: Bool { code.isVerificationFailure }

    /// For the factories of a target.
    package init(_ code: Kind, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
