internal import COpenSSL

/// EncryptedPrivateKeyInfo (RFC 5958 § 3) under PBES2 (RFC 8018 § 6.2).
public enum EncryptedPrivateKey {
    /// PBKDF2 iterations that are written: OWASP's figure for HMAC-SHA256.
    public static let iterationCount = 600_000
    /// Most PBKDF2 iterations that are read: some seconds' work.
    public static let largestIterationCount = 10_000_000

    /// Encrypts a key: AES-256-CBC, PBKDF2 with HMAC-SHA256, 16-byte salt.
    public static func seal(
        _ key: RSAPrivateKey,
        passphrase: RawSpan
    ) throws(CryptoError) -> [UInt8] {
        guard let info = unsafe EVP_PKEY2PKCS8(key.key) else {
            throw CryptoError.libraryFailure("EVP_PKEY2PKCS8")
        }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        var salt = try SecureRandom.bytes(count: 16)
        // SAFETY: OpenSSL reads the counts given and keeps no pointer.
        let sealed = unsafe passphrase.withUnsafeBytes { bytes in
            unsafe PKCS8_encrypt(
                NID_hmacWithSHA256,
                EVP_aes_256_cbc(),
                bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                CInt(bytes.count),
                &salt,
                CInt(salt.count),
                CInt(iterationCount),
                info
            )
        }
        guard let sealed = unsafe sealed else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("PKCS8_encrypt")
        }
        defer { unsafe X509_SIG_free(sealed) }
        return try unsafe encodedDER("i2d_X509_SIG") { unsafe i2d_X509_SIG(sealed, $0) }
    }

    /// Whether these bytes are an EncryptedPrivateKeyInfo and nothing else.
    public static func isEncoded(in der: [UInt8]) -> Bool {
        guard let parsed = unsafe parse(der) else { return false }
        unsafe X509_SIG_free(parsed)
        return true
    }

    private static func parse(_ der: [UInt8]) -> OpaquePointer? {
        defer { ERR_clear_error() }
        // SAFETY: the decoder reads at most `count` bytes and moves the cursor past what it read.
        return unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let sealed = unsafe d2i_X509_SIG(nil, &cursor, buffer.count) else { return nil }
            guard unsafe cursor == buffer.baseAddress?.advanced(by: buffer.count) else {
                unsafe X509_SIG_free(sealed)
                return nil
            }
            return unsafe sealed
        }
    }

    /// Decrypts a key; throws `CryptoError` for a wrong passphrase, for damage, and for a
    /// derivation that would occupy the machine.
    public static func open(
        _ der: [UInt8],
        passphrase: RawSpan
    ) throws(CryptoError) -> RSAPrivateKey {
        guard let sealed = unsafe parse(der) else {
            throw CryptoError.invalidEncoding("encrypted private key")
        }
        defer {
            unsafe X509_SIG_free(sealed)
            ERR_clear_error()
        }
        let cost = unsafe copenssl_pbes2_cost_of(sealed)
        guard cost.known == 1, (0...largestIterationCount).contains(cost.iterations),
            // OpenSSL itself gives scrypt 32 MiB here.
            cost.scrypt_n < 1 << 20, cost.scrypt_r <= 32, cost.scrypt_p <= 16,
            cost.scrypt_n * cost.scrypt_r * 128 < 32 << 20
        else {
            throw CryptoError.invalidParameter(
                "this private key is encrypted in a way that is not opened here",
                hint: "convert it first: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW"
            )
        }
        // SAFETY: OpenSSL reads the count given and keeps no pointer.
        let opened = unsafe passphrase.withUnsafeBytes { bytes in
            unsafe PKCS8_decrypt(
                sealed,
                bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                CInt(bytes.count)
            )
        }
        guard let info = unsafe opened else { throw CryptoError.authenticationFailed }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        let plain = try unsafe secretDER("i2d_PKCS8_PRIV_KEY_INFO") {
            unsafe i2d_PKCS8_PRIV_KEY_INFO(info, $0)
        }
        return try RSAPrivateKey(der: plain.bytes)
    }
}
