internal import CryptoCore
public import KeyFormats

/// What a provider is told of the key that it is to give.
///
/// It holds no secret: the passphrase opens the sealed file and is given to no provider. A provider
/// asks for a PIN by its own means.
public struct KeyRequest: Sendable {
    /// The identity.
    public let name: KeyName
    /// The version.
    public let version: Int
    /// The registered public half.
    public let publicKey: PublicKey
    /// What the identity file says that the provider finds the key by.
    public let reference: [UInt8]
    /// The key in the sealed file, which only the keystore's own provider sees.
    let sealedKey: RSAPrivateKey?
}
