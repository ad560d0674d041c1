public import KeyFormats

/// A version of an identity, to which a stanza may belong.
public struct KnownVersion: Equatable, Sendable {
    /// The name of the identity.
    public let name: KeyName
    /// The number of the version.
    public let version: Int
    /// The number of the version in use; `nil` if there is none.
    public let current: Int?
    /// Whether this version is the one in use.
    public let isCurrent: Bool
    /// Whether the holder of the key may still read; `false` if it was revoked, replaced or
    /// removed.
    public let isTrusted: Bool
    /// Whether the name was removed from the registry.
    public let isRemoved: Bool

    /// Creates a version.
    public init(
        name: KeyName,
        version: Int,
        current: Int?,
        isCurrent: Bool,
        isTrusted: Bool,
        isRemoved: Bool
    ) {
        self.name = name
        self.version = version
        self.current = current
        self.isCurrent = isCurrent
        self.isTrusted = isTrusted
        self.isRemoved = isRemoved
    }
}
