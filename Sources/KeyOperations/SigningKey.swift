/// A private key that signs.
public protocol SigningKey: PrivateKey {
    /// The signature, as long as the modulus.
    ///
    /// Throws the error of the key's holder: `CryptoError` for a key in this process.
    func sign(_ request: SignatureRequest) throws -> [UInt8]
}
