internal import CryptoCore
public import KeyFormats

/// A request to a provider for a key.
public struct KeyRequest: Sendable {
    /// The identity.
    public let name: KeyName
    /// The version.
    public let version: Int
    /// The registered public key.
    public let publicKey: PublicKey
    /// The reference to the key in the identity file.
    public let reference: [UInt8]
    /// Asks the user for a PIN or a passphrase; returns `nil` if nobody can be asked.
    public let unlocker: (any KeyUnlocker)?
    /// The key in the sealed file; only the keystore's own provider uses it.
    let sealedKey: RSAPrivateKey?
}
