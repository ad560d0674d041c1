internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with a 12-byte nonce and a 16-byte tag.
public enum AESGCM {
    /// The length of a key.
    public static let keyByteCount = 32
    /// The length of a nonce.
    public static let nonceByteCount = 12
    /// The length of the tag that ends a ciphertext.
    public static let tagByteCount = 16

    /// Encrypts `plaintext`; the result is the ciphertext followed by its tag.
    public static func seal(
        _ plaintext: RawSpan,
        key: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        let context = try CipherContext(key: key, nonce: nonce, encrypting: true)
        try context.authenticate(header)
        var sealed = [UInt8](repeating: 0, count: plaintext.byteCount + tagByteCount)
        // SAFETY: the output holds as many bytes as the input, and the tag's 16 after it.
        try unsafe sealed.withUnsafeMutableBufferPointer { buffer throws(CryptoError) in
            let output = UnsafeMutableRawBufferPointer(buffer)
            try unsafe context.update(plaintext, into: output)
            try context.finish()
            try check(
                unsafe EVP_CIPHER_CTX_ctrl(
                    context.context,
                    EVP_CTRL_AEAD_GET_TAG,
                    CInt(tagByteCount),
                    output.baseAddress?.advanced(by: plaintext.byteCount)
                ),
                "EVP_CIPHER_CTX_ctrl"
            )
        }
        return sealed
    }

    /// Decrypts what `seal` made; throws `CryptoError` when anything differs.
    public static func open(
        _ sealed: [UInt8],
        key: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8]
    ) throws(CryptoError) -> SecretBytes {
        guard sealed.count >= tagByteCount else { throw CryptoError.authenticationFailed }
        let context = try CipherContext(key: key, nonce: nonce, encrypting: false)
        try context.authenticate(header)
        var tag = Array(sealed.suffix(tagByteCount))
        let plaintext = try SecretBytes(count: sealed.count - tagByteCount) {
            view throws(CryptoError) in
            let ciphertext = sealed.borrowedBytes.extracting(0..<(sealed.count - tagByteCount))
            // SAFETY: the output holds as many bytes as the ciphertext.
            try unsafe view.withUnsafeMutableBytes { output throws(CryptoError) in
                try unsafe context.update(ciphertext, into: output)
            }
            try check(
                unsafe EVP_CIPHER_CTX_ctrl(
                    context.context,
                    EVP_CTRL_AEAD_SET_TAG,
                    CInt(tagByteCount),
                    &tag
                ),
                "EVP_CIPHER_CTX_ctrl"
            )
            do { try context.finish() } catch { throw CryptoError.authenticationFailed }
        }
        return plaintext
    }
}

/// One owner of an `EVP_CIPHER_CTX`.
@safe
private struct CipherContext: ~Copyable {
    let context: OpaquePointer

    init(key: RawSpan, nonce: [UInt8], encrypting: Bool) throws(CryptoError) {
        let context = unsafe allocated(EVP_CIPHER_CTX_new())
        unsafe self.context = context
        guard key.byteCount == AESGCM.keyByteCount, nonce.count == AESGCM.nonceByteCount else {
            throw CryptoError.invalidParameter("a key or nonce has the wrong length")
        }
        // SAFETY: the key holds 32 bytes and the nonce 12, as this cipher reads.
        let status = unsafe key.withUnsafeBytes { bytes in
            unsafe EVP_CipherInit_ex(
                context,
                EVP_aes_256_gcm(),
                nil,
                bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
                nonce,
                encrypting ? 1 : 0
            )
        }
        try check(status, "EVP_CipherInit_ex")
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    borrowing func authenticate(_ header: [UInt8]) throws(CryptoError) {
        guard !header.isEmpty else { return }
        var count: CInt = 0
        // SAFETY: reads `count` bytes of the header, keeps no pointer.
        try check(
            unsafe EVP_CipherUpdate(context, nil, &count, header, CInt(header.count)),
            "EVP_CipherUpdate"
        )
    }

    borrowing func update(
        _ input: RawSpan,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        guard input.byteCount > 0 else { return }
        guard let length = CInt(exactly: input.byteCount) else {
            throw CryptoError.invalidParameter("more than 2 GiB in one message")
        }
        var count: CInt = 0
        // SAFETY: GCM writes as many bytes as it reads; the caller made room for them.
        let status = unsafe input.withUnsafeBytes { bytes in
            unsafe EVP_CipherUpdate(
                context,
                output.assumingMemoryBound(to: UInt8.self).baseAddress,
                &count,
                bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
                length
            )
        }
        try check(status, "EVP_CipherUpdate")
    }

    borrowing func finish() throws(CryptoError) {
        var count: CInt = 0
        var none: [UInt8] = [0]
        // SAFETY: GCM writes nothing here.
        try check(unsafe EVP_CipherFinal_ex(context, &none, &count), "EVP_CipherFinal_ex")
    }
}
