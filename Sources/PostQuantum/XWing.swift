internal import Crypto

/// Sizes and algorithms of X-Wing, which combines ML-KEM-768 and X25519
/// (draft-connolly-cfrg-xwing-kem).
///
/// It is secure as long as one of the two is.
public enum XWing {
    /// The length of a public key, in bytes.
    public static let publicKeyByteCount = 1_216
    /// The length of a private key's seed, in bytes.
    public static let seedByteCount = 32
    /// The length of an encapsulated key, in bytes.
    public static let encapsulatedKeyByteCount = 1_120
    /// The number of bytes by which a ciphertext is longer than its message.
    public static let tagByteCount = 16

    /// HPKE (RFC 9180 § 7) with this KEM, HKDF-SHA256 and ChaCha20-Poly1305.
    static let ciphersuite = HPKE.Ciphersuite(
        kem: .XWingMLKEM768X25519,
        kdf: .HKDF_SHA256,
        aead: .chaChaPoly
    )
}
