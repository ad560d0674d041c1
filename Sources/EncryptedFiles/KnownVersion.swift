public import KeyFormats

/// A version of a name that a stanza may be for.
public struct KnownVersion: Equatable, Sendable {
    /// Its name.
    public let name: KeyName
    /// Its number.
    public let version: Int
    /// The number of the version that is in use, where there is one.
    public let current: Int?
    /// Whether it is the one in use.
    public let isCurrent: Bool
    /// Whether its holder may go on reading: not where it was revoked, replaced or removed.
    public let isTrusted: Bool
    /// Whether the name was removed from the registry.
    public let isRemoved: Bool

    /// Names a version.
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
