internal import COpenSSL

/// Signatures of elliptic curves over a whole message, by OpenSSL's one-shot calls.
enum OneShotSignature {
    /// Signs a message; `hash` is `nil` for Ed25519.
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    static func make(
        _ message: [UInt8],
        key: OpaquePointer,
        hash: OpaquePointer?
    ) throws(CryptoError) -> [UInt8] {
        let context = unsafe allocated(EVP_MD_CTX_new())
        defer { unsafe EVP_MD_CTX_free(context) }
        // SAFETY: OpenSSL reads the counts given and writes at most `count` bytes.
        try check(unsafe EVP_DigestSignInit(context, nil, hash, nil, key), "EVP_DigestSignInit")
        var count = Int(unsafe EVP_PKEY_get_size(key))
        var signature = [UInt8](repeating: 0, count: count)
        try check(
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count),
            "EVP_DigestSign"
        )
        return Array(signature.prefix(count))
    }

    /// Returns whether `signature` was made over `message` by the private half of `key`.
    static func isValid(
        _ signature: [UInt8],
        over message: [UInt8],
        key: OpaquePointer,
        hash: OpaquePointer?
    ) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer {
            unsafe EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        // SAFETY: OpenSSL reads the counts given.
        guard unsafe EVP_DigestVerifyInit(context, nil, hash, nil, key) == 1 else { return false }
        return unsafe EVP_DigestVerify(
            context,
            signature,
            signature.count,
            message,
            message.count
        ) == 1
    }
}
