public import CryptoCore

/// A private key that decrypts small secrets.
public protocol DecryptingKey: PrivateKey {
    /// The secret that was encrypted to the public half with RSAES-OAEP (RFC 8017 § 7.1.2): SHA-256
    /// for hash and MGF1, under a label.
    ///
    /// Throws one error for every ciphertext that does not open: `CryptoError` for a key in this
    /// process. Unpadding belongs to the key's holder, so no raw RSA operation is ever offered.
    func unwrap(_ wrapped: [UInt8], label: [UInt8]) throws -> SecretBytes
}
