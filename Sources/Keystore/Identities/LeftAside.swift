public import Failures
public import KeyFormats

/// A folder among a home's identities that the keystore does not use.
public struct LeftAside: Sendable {
    /// The identity that it should be; `nil` where it is none of this keystore.
    public let name: KeyName?
    /// Where it is.
    public let path: String
    /// Why it is left aside.
    public let error: any ReportableError
}
