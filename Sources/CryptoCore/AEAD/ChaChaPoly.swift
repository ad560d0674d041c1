/// ChaCha20-Poly1305 (RFC 8439), keyed once for many messages.
///
/// It owns the keyed cipher.
public struct ChaChaPoly: ~Copyable {
    /// The length of a key, in bytes.
    public static let keyByteCount = AEADCipher.keyByteCount
    /// The length of a nonce, in bytes.
    public static let nonceByteCount = AEADCipher.nonceByteCount
    /// The length of the tag at the end of a ciphertext, in bytes.
    public static let tagByteCount = AEADCipher.tagByteCount

    /// The direction of a cipher.
    public enum Direction: Sendable {
        /// The cipher encrypts.
        case sealing
        /// The cipher decrypts.
        case opening
    }

    private let cipher: AEADCipher

    /// Makes a cipher; throws `CryptoError` unless the key has 32 bytes.
    public init(key: RawSpan, _ direction: Direction) throws(CryptoError) {
        cipher = try AEADCipher(.chaCha20Poly1305, key: key, sealing: direction == .sealing)
    }

    /// Writes the ciphertext of `plaintext` and its tag to the start of `output`.
    ///
    /// `nonce` must never be used twice with one key. Throws `CryptoError` if it has a wrong
    /// length.
    public func seal(
        _ plaintext: RawSpan,
        nonce: [UInt8],
        into output: inout MutableRawSpan
    ) throws(CryptoError) {
        try cipher.seal(plaintext, nonce: nonce, into: &output)
    }

    /// Writes the plaintext of `sealed` to the start of `output`.
    ///
    /// Throws `CryptoError` if any byte differs; then the bytes in `output` must not be used.
    public func open(
        _ sealed: RawSpan,
        nonce: [UInt8],
        into output: inout MutableRawSpan
    ) throws(CryptoError) {
        try cipher.open(sealed, nonce: nonce, into: &output)
    }

    /// Encrypts one short message; returns the ciphertext followed by its tag.
    ///
    /// Throws `CryptoError` if the key or the nonce has a wrong length.
    public static func seal(
        _ plaintext: RawSpan,
        key: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) throws(CryptoError) -> [UInt8] {
        let cipher = try AEADCipher(.chaCha20Poly1305, key: key, sealing: true)
        return try cipher.seal(plaintext, nonce: nonce, authenticating: header)
    }

    /// Decrypts one short message; throws `CryptoError` if any byte differs.
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
