/// A private key that signs.
public protocol SigningKey: PrivateKey {
    /// Signs the content; the signature is as long as the modulus.
    ///
    /// Throws the error of the key: `CryptoError` for a key in this process.
    func sign(_ request: SignatureRequest) throws -> [UInt8]
}
