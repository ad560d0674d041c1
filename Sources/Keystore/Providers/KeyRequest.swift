internal import CryptoCore
public import KeyFormats

/// A request to a provider for a key.
///
/// It holds no secret: the passphrase opens the sealed file and is given to no provider. A provider
/// asks for a PIN by its own means.
public struct KeyRequest: Sendable {
    /// The identity.
    public let name: KeyName
    /// The version.
    public let version: Int
    /// The registered public key.
    public let publicKey: PublicKey
    /// The reference to the key in the identity file.
    public let reference: [UInt8]
    /// The key in the sealed file; only the keystore's own provider uses it.
    let sealedKey: RSAPrivateKey?
}
