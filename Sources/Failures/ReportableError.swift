/// An error that a person can act on: every error that leaves a target conforms.
public protocol ReportableError: Error {
    /// What went wrong: lower case, no final period, naming the thing.
    var message: String { get }
    /// What to do next, where there is something to do.
    var hint: String? { get }
    /// A stable name for programs, such as `wrong-passphrase`.
    var codeName: String { get }
    /// Whether it says that a signature or a token does not verify: such commands exit with 2.
    var isVerificationFailure: Bool { get }
}

extension ReportableError {
    /// Most errors are failures of another kind.
    public var isVerificationFailure: Bool { false }
}
