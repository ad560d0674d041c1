/// The kinds of failure of one target: an enumeration whose raw values are stable names for
/// programs.
public protocol FailureCode: RawRepresentable<String>, Equatable, Sendable {
    /// Whether the kind says that a signature or a token does not verify.
    var isVerificationFailure: Bool { get }
}

extension FailureCode {
    /// `false` by default.
    public var isVerificationFailure: Bool { false }
}
