/// ChaCha20-Poly1305 (RFC 8439), keyed once for many messages.
public struct ChaChaPoly: ~Copyable {
    /// The length of a key.
    public static let keyByteCount = AEADCipher.keyByteCount
    /// The length of a nonce.
    public static let nonceByteCount = AEADCipher.nonceByteCount
    /// The length of the tag that ends a ciphertext.
    public static let tagByteCount = AEADCipher.tagByteCount

    /// Which way a cipher works.
    public enum Direction: Sendable {
        /// Encrypts.
        case sealing
        /// Decrypts.
        case opening
    }

    private let cipher: AEADCipher

    /// Takes a 32-byte key.
    public init(key: RawSpan, _ direction: Direction) throws(CryptoError) {
        cipher = try AEADCipher(.chaCha20Poly1305, key: key, sealing: direction == .sealing)
    }

    /// Writes the ciphertext of `plaintext` and its tag to the start of `output`.
    public func seal(
        _ plaintext: RawSpan,
        nonce: [UInt8],
        into output: inout MutableRawSpan
    ) throws(CryptoError) {
        try cipher.seal(plaintext, nonce: nonce, into: &output)
    }

    /// Writes the plaintext of `sealed` to the start of `output`; throws `CryptoError` when
    /// anything differs, and then what stands there must not be used.
    public func open(
        _ sealed: RawSpan,
        nonce: [UInt8],
        into output: inout MutableRawSpan
    ) throws(CryptoError) {
        try cipher.open(sealed, nonce: nonce, into: &output)
    }

    /// Encrypts one short message; the result is the ciphertext followed by its tag.
    public static func seal(
        _ plaintext: RawSpan,
        key: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) throws(CryptoError) -> [UInt8] {
        let cipher = try AEADCipher(.chaCha20Poly1305, key: key, sealing: true)
        return try cipher.seal(plaintext, nonce: nonce, authenticating: header)
    }

    /// Decrypts one short message; throws `CryptoError` when anything differs.
    public static func open(
        _ sealed: [UInt8],
        key: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) throws(CryptoError) -> SecretBytes {
        let cipher = try AEADCipher(.chaCha20Poly1305, key: key, sealing: false)
        return try cipher.open(sealed, nonce: nonce, authenticating: header)
    }
}
