internal import COpenSSL

/// Writes PKCS#12 (RFC 7292) in its modern form: AES-256 and HMAC with SHA-256.
public enum PKCS12 {
    private static let iterationCount: CInt = 600_000

    /// Seals a key and its certificate under a passphrase; returns the file's bytes.
    ///
    /// Throws `CryptoError` if the passphrase contains a zero byte.
    public static func seal(
        _ key: RSAPrivateKey,
        certificate: X509Certificate,
        friendlyName: String,
        passphrase: RawSpan
    ) throws(CryptoError) -> [UInt8] {
        try requireText(passphrase)
        let terminated = SecretBytes(count: passphrase.byteCount + 1) { view in
            view.copy(passphrase, to: 0)
        }
        // SAFETY: the passphrase ends with a zero; OpenSSL keeps no pointer.
        let sealed = unsafe terminated.bytes.withUnsafeBytes { bytes in
            unsafe PKCS12_create(
                bytes.assumingMemoryBound(to: CChar.self).baseAddress,
                friendlyName,
                key.key,
                certificate.certificate,
                nil,
                NID_aes_256_cbc,
                NID_aes_256_cbc,
                iterationCount,
                iterationCount,
                0
            )
        }
        guard let sealed = unsafe sealed else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("PKCS12_create")
        }
        defer { unsafe PKCS12_free(sealed) }
        return try unsafe encodedDER("i2d_PKCS12") { unsafe i2d_PKCS12(sealed, $0) }
    }

    /// Throws `CryptoError` if a passphrase contains a zero byte, because OpenSSL reads only up to
    /// it.
    static func requireText(_ passphrase: RawSpan) throws(CryptoError) {
        for index in 0..<passphrase.byteCount {
            guard passphrase.byte(at: index) != 0 else {
                throw CryptoError.invalidParameter(
                    "a passphrase of PKCS#12 cannot hold a zero byte",
                    hint: "choose a passphrase without zero bytes"
                )
            }
        }
    }
}
