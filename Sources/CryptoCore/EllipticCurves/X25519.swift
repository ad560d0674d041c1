internal import COpenSSL

/// The key agreement X25519 (RFC 7748 § 5).
public enum X25519 {
    /// The length of a private key, a public key and a shared secret, in bytes.
    public static let byteCount = 32

    /// Returns the public key of a private key; throws `CryptoError` unless that has 32 bytes.
    public static func publicKey(of privateKey: RawSpan) throws(CryptoError) -> [UInt8] {
        let key = try unsafe parse(privateKey)
        defer { unsafe EVP_PKEY_free(key) }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        var count = byteCount
        // SAFETY: the output holds the 32 bytes that are written.
        try check(
            unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count),
            "EVP_PKEY_get_raw_public_key"
        )
        return bytes
    }

    /// Returns the secret that both sides share.
    ///
    /// Throws `CryptoError` if a key has a wrong length, or if the public key has a low order.
    public static func sharedSecret(
        _ privateKey: RawSpan,
        with publicKey: [UInt8]
    ) throws(CryptoError) -> SecretBytes {
        guard publicKey.count == byteCount else {
            throw CryptoError.invalidEncoding("X25519 public key")
        }
        let own = try unsafe parse(privateKey)
        defer { unsafe EVP_PKEY_free(own) }
        // SAFETY: the array holds the 32 bytes that are read.
        let peer = unsafe allocated(
            EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, publicKey, byteCount)
        )
        defer { unsafe EVP_PKEY_free(peer) }
        let context = unsafe allocated(EVP_PKEY_CTX_new(own, nil))
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try check(unsafe EVP_PKEY_derive_init(context), "EVP_PKEY_derive_init")
        try check(unsafe EVP_PKEY_derive_set_peer(context, peer), "EVP_PKEY_derive_set_peer")
        return try SecretBytes(count: byteCount) { view throws(CryptoError) in
            var count = byteCount
            // SAFETY: the output holds the 32 bytes that are written.
            let status = unsafe view.withUnsafeMutableBytes { output in
                unsafe EVP_PKEY_derive(
                    context,
                    output.assumingMemoryBound(to: UInt8.self).baseAddress,
                    &count
                )
            }
            guard status == 1 else {
                ERR_clear_error()
                throw CryptoError.refused("the X25519 public key has a low order")
            }
        }
    }

    private static func parse(_ privateKey: RawSpan) throws(CryptoError) -> OpaquePointer {
        guard privateKey.byteCount == byteCount else {
            throw CryptoError.invalidEncoding("X25519 private key")
        }
        // SAFETY: the span holds the 32 bytes that are read.
        let key = unsafe privateKey.withUnsafeBytes { bytes in
            unsafe EVP_PKEY_new_raw_private_key(
                EVP_PKEY_X25519,
                nil,
                bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
                byteCount
            )
        }
        guard let key = unsafe key else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("EVP_PKEY_new_raw_private_key")
        }
        return unsafe key
    }
}
