internal import COpenSSL

/// An authenticated cipher with a 32-byte key, a 12-byte nonce and a 16-byte tag.
///
/// It owns OpenSSL's context, which is keyed once. The caller chooses the nonces, and must never
/// use one twice under the same key.
@safe
struct AEADCipher: ~Copyable {
    enum Algorithm {
        /// AES-256-GCM (NIST SP 800-38D).
        case aes256GCM
        /// ChaCha20-Poly1305 (RFC 8439).
        case chaCha20Poly1305
    }

    static let keyByteCount = 32
    static let nonceByteCount = 12
    static let tagByteCount = 16

    private let context: OpaquePointer
    private let isSealing: Bool

    init(_ algorithm: Algorithm, key: RawSpan, sealing: Bool) throws(CryptoError) {
        let context = unsafe allocated(EVP_CIPHER_CTX_new())
        unsafe self.context = context
        isSealing = sealing
        guard key.byteCount == AEADCipher.keyByteCount else {
            throw CryptoError.invalidParameter("the key of the cipher has the wrong length")
        }
        // SAFETY: both ciphers read 32 bytes of key.
        let status = unsafe key.withUnsafeBytes { bytes in
            unsafe EVP_CipherInit_ex(
                context,
                algorithm == .aes256GCM ? EVP_aes_256_gcm() : EVP_chacha20_poly1305(),
                nil,
                bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
                nil,
                sealing ? 1 : 0
            )
        }
        try check(status, "EVP_CipherInit_ex")
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// Writes the ciphertext of `plaintext` and its tag to the start of `output`.
    func seal(
        _ plaintext: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8] = [],
        into output: inout MutableRawSpan
    ) throws(CryptoError) {
        precondition(isSealing && output.byteCount >= plaintext.byteCount + AEADCipher.tagByteCount)
        try start(nonce, header)
        try unsafe output.withUnsafeMutableBytes { bytes throws(CryptoError) in
            try unsafe update(plaintext, into: bytes)
            try finish()
            // SAFETY: there is room for the tag's 16 bytes after the ciphertext.
            let tag = unsafe bytes.baseAddress?.advanced(by: plaintext.byteCount)
            try check(
                unsafe EVP_CIPHER_CTX_ctrl(
                    context,
                    EVP_CTRL_AEAD_GET_TAG,
                    CInt(AEADCipher.tagByteCount),
                    tag
                ),
                "EVP_CIPHER_CTX_ctrl"
            )
        }
    }

    /// Writes the plaintext of a ciphertext and its tag to the start of `output`.
    ///
    /// Throws `CryptoError` if the authentication fails; then the bytes in `output` must not be
    /// used.
    func open(
        _ sealed: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8] = [],
        into output: inout MutableRawSpan
    ) throws(CryptoError) {
        let count = sealed.byteCount - AEADCipher.tagByteCount
        guard count >= 0 else { throw CryptoError.authenticationFailed }
        precondition(!isSealing && output.byteCount >= count)
        try start(nonce, header)
        var tag = [UInt8](repeating: 0, count: AEADCipher.tagByteCount)
        // SAFETY: the tag is the last 16 bytes of the sealed ones.
        unsafe sealed.withUnsafeBytes { bytes in
            unsafe tag.withUnsafeMutableBytes {
                unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[count...]))
            }
        }
        try check(
            unsafe EVP_CIPHER_CTX_ctrl(
                context,
                EVP_CTRL_AEAD_SET_TAG,
                CInt(AEADCipher.tagByteCount),
                &tag
            ),
            "EVP_CIPHER_CTX_ctrl"
        )
        try unsafe output.withUnsafeMutableBytes { bytes throws(CryptoError) in
            try unsafe update(sealed.extracting(0..<count), into: bytes)
        }
        do { try finish() } catch { throw CryptoError.authenticationFailed }
    }

    private func start(_ nonce: [UInt8], _ header: [UInt8]) throws(CryptoError) {
        guard nonce.count == AEADCipher.nonceByteCount else {
            throw CryptoError.invalidParameter("the nonce of the cipher has the wrong length")
        }
        // SAFETY: the nonce holds the 12 bytes that are read; a null key keeps the present key.
        try check(
            unsafe EVP_CipherInit_ex(context, nil, nil, nil, nonce, isSealing ? 1 : 0),
            "EVP_CipherInit_ex"
        )
        guard !header.isEmpty else { return }
        var count: CInt = 0
        // SAFETY: reads `count` bytes of the header and keeps no pointer.
        try check(
            unsafe EVP_CipherUpdate(context, nil, &count, header, CInt(header.count)),
            "EVP_CipherUpdate"
        )
    }

    private func update(
        _ input: RawSpan,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CryptoError) {
        guard input.byteCount > 0 else { return }
        guard let length = CInt(exactly: input.byteCount) else {
            throw CryptoError.invalidParameter(
                "a message of more than 2 GiB cannot be encrypted at once"
            )
        }
        var count: CInt = 0
        // SAFETY: a stream cipher writes as many bytes as it reads; the caller made room for them.
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

    private func finish() throws(CryptoError) {
        var count: CInt = 0
        var none: [UInt8] = [0]
        // SAFETY: neither cipher writes anything here.
        try check(unsafe EVP_CipherFinal_ex(context, &none, &count), "EVP_CipherFinal_ex")
    }
}
