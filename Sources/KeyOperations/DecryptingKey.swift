public import CryptoCore

/// A private key that decrypts small secrets.
public protocol DecryptingKey: PrivateKey {
    /// Decrypts a secret that was encrypted to the public key with RSAES-OAEP (RFC 8017 § 7.1.2).
    ///
    /// Hash and MGF1 use SHA-256. Throws the same error for every ciphertext that does not decrypt:
    /// `CryptoError` for a key in this process. The key itself removes the padding, so no raw RSA
    /// operation is offered.
    func unwrap(_ wrapped: [UInt8], label: [UInt8]) throws -> SecretBytes
}
