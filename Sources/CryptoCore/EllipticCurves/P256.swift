internal import COpenSSL

/// A P-256 private key of a session, for TLS and for signatures of messages (FIPS 186-5).
@safe
public final class P256PrivateKey: @unchecked Sendable {
    // `@unchecked Sendable`: OpenSSL keys are not changed after they are made.
    let key: OpaquePointer
    /// The public half.
    public let publicKey: P256PublicKey

    /// Generates a key; throws `CryptoError` if OpenSSL fails.
    public init() throws(CryptoError) {
        SecureHeap.open()
        guard let made = unsafe copenssl_p256_generate() else {
            throw CryptoError.libraryFailure("EVP_EC_gen")
        }
        do {
            let der = try unsafe encodedDER("i2d_PUBKEY") { unsafe i2d_PUBKEY(made, $0) }
            publicKey = try P256PublicKey(spkiDER: der)
        } catch {
            unsafe EVP_PKEY_free(made)
            throw error
        }
        unsafe key = made
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Returns the key as ECPrivateKey (RFC 5915), for a TLS library in the same process.
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    public func derRepresentation() throws(CryptoError) -> SecretBytes {
        try unsafe secretDER("i2d_PrivateKey") { unsafe i2d_PrivateKey(key, $0) }
    }

    /// Signs with ECDSA and SHA-256; the signature is DER (FIPS 186-5 § 6.4).
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    public func signature(over message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try unsafe OneShotSignature.make(message, key: key, hash: EVP_sha256())
    }
}

/// A P-256 public key.
@safe
public final class P256PublicKey: @unchecked Sendable {
    // `@unchecked Sendable`: OpenSSL keys are not changed after they are made.
    let key: OpaquePointer
    /// The point, uncompressed (SEC 1 § 2.3.3): 65 bytes.
    public let x963Representation: [UInt8]

    /// The length of an uncompressed point, in bytes.
    public static let x963ByteCount = 65
    // SubjectPublicKeyInfo of a P-256 key up to the point (RFC 5480 § 2).
    private static let spkiPrefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]

    /// Reads an uncompressed point; throws `CryptoError` unless it lies on the curve.
    public convenience init(x963Representation point: [UInt8]) throws(CryptoError) {
        try self.init(spkiDER: P256PublicKey.spkiPrefix + point)
    }

    /// Reads a SubjectPublicKeyInfo; throws `CryptoError` unless it holds an uncompressed P-256
    /// point.
    public init(spkiDER der: [UInt8]) throws(CryptoError) {
        let prefix = P256PublicKey.spkiPrefix
        guard der.count == prefix.count + P256PublicKey.x963ByteCount, der.starts(with: prefix)
        else { throw CryptoError.invalidEncoding("P-256 public key") }
        // SAFETY: the decoder reads at most `count` bytes; the prefix fixes the structure's end.
        let parsed = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        guard let parsed = unsafe parsed else {
            ERR_clear_error()
            throw CryptoError.invalidEncoding("P-256 public key")
        }
        unsafe key = parsed
        x963Representation = Array(der.suffix(P256PublicKey.x963ByteCount))
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Returns whether `signature` is ECDSA with SHA-256 over `message`.
    public func isValidSignature(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        unsafe OneShotSignature.isValid(signature, over: message, key: key, hash: EVP_sha256())
    }
}
