public import CryptoCore

/// The version of an identity that a held key belongs to.
public struct HeldIdentity: Sendable, Hashable {
    /// The identity's name.
    public let name: String
    /// The version's number.
    public let version: Int
    /// The identity's id.
    public let id: SHA256Digest
    /// The path of the home that the key comes from.
    public let home: String
    /// Whether the version signs; all others only decrypt.
    public let signs: Bool
    /// Whether a server runs under the identity.
    public let isServer: Bool

    /// Names a version.
    public init(
        name: String,
        version: Int,
        id: SHA256Digest,
        home: String,
        signs: Bool,
        isServer: Bool
    ) {
        self.name = name
        self.version = version
        self.id = id
        self.home = home
        self.signs = signs
        self.isServer = isServer
    }
}
