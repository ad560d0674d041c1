/// An error on which a person can act.
///
/// Every error that leaves a target conforms.
public protocol ReportableError: Error {
    /// What went wrong: in lower case, without a final period, with the name of the thing.
    var message: String { get }
    /// What the user can do; `nil` if there is nothing to do.
    var hint: String? { get }
    /// The stable name of the error for programs, for example `wrong-passphrase`.
    var codeName: String { get }
    /// Whether a signature or a token did not verify. Then the command exits with 2.
    var isVerificationFailure: Bool { get }
}

extension ReportableError {
    /// `false` by default.
    public var isVerificationFailure: Bool { false }
}
