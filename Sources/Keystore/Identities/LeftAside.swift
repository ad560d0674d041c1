public import Failures
public import KeyFormats

/// A folder in `identities/` that the keystore does not use, with the reason.
public struct LeftAside: Sendable {
    /// The name of the identity that should be usable; `nil` if the keystore did not make the
    /// folder.
    public let name: KeyName?
    /// The folder's path.
    public let path: String
    /// The reason.
    public let error: any ReportableError
}
