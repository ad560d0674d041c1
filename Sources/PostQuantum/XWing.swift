internal import Crypto

/// Sizes and algorithms of X-Wing, a key that is ML-KEM-768 and X25519 in one
/// (draft-connolly-cfrg-xwing-kem): it holds as long as one of the two does.
public enum XWing {
    /// The length of a public key.
    public static let publicKeyByteCount = 1_216
    /// The length of the seed that a private key is made from.
    public static let seedByteCount = 32
    /// The length of an encapsulated key.
    public static let encapsulatedKeyByteCount = 1_120
    /// How much longer a ciphertext is than what it was made from.
    public static let tagByteCount = 16

    /// HPKE (RFC 9180 § 7) with this KEM, HKDF-SHA256 and ChaCha20-Poly1305.
    static let ciphersuite = HPKE.Ciphersuite(
        kem: .XWingMLKEM768X25519,
        kdf: .HKDF_SHA256,
        aead: .chaChaPoly
    )
}
