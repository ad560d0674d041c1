internal import COpenSSL

/// A block cipher in a mode without authentication.
///
/// It is for foreign formats that have a MAC or another check.
public enum BlockCipher: String, Sendable, CaseIterable {
    /// AES-128 in CBC mode (NIST SP 800-38A).
    case aes128CBC = "aes128-cbc"
    /// AES-192 in CBC mode.
    case aes192CBC = "aes192-cbc"
    /// AES-256 in CBC mode.
    case aes256CBC = "aes256-cbc"
    /// AES-128 in counter mode.
    case aes128CTR = "aes128-ctr"
    /// AES-192 in counter mode.
    case aes192CTR = "aes192-ctr"
    /// AES-256 in counter mode.
    case aes256CTR = "aes256-ctr"
    /// Triple DES in CBC mode: read only.
    case tripleDESCBC = "3des-cbc"

    var evp: OpaquePointer? {
        switch self {
        case .aes128CBC: unsafe EVP_aes_128_cbc()
        case .aes192CBC: unsafe EVP_aes_192_cbc()
        case .aes256CBC: unsafe EVP_aes_256_cbc()
        case .aes128CTR: unsafe EVP_aes_128_ctr()
        case .aes192CTR: unsafe EVP_aes_192_ctr()
        case .aes256CTR: unsafe EVP_aes_256_ctr()
        case .tripleDESCBC: unsafe EVP_des_ede3_cbc()
        }
    }

    /// The length of a key in bytes.
    public var keyByteCount: Int { Int(unsafe EVP_CIPHER_get_key_length(evp)) }
    /// The length of an initialisation vector in bytes.
    public var vectorByteCount: Int { Int(unsafe EVP_CIPHER_get_iv_length(evp)) }

    /// How the last block is filled.
    public enum Padding: Sendable {
        /// The format pads by itself, or the mode needs no padding.
        case none
        /// One to sixteen bytes, each with the number of padding bytes (RFC 5652 § 6.3).
        case pkcs7
    }

    /// Encrypts `plaintext`; throws `CryptoError` if the key or the vector has a wrong length.
    public func encrypt(
        _ plaintext: RawSpan,
        key: RawSpan,
        vector: [UInt8],
        padding: Padding
    ) throws(CryptoError) -> SecretBytes {
        try run(plaintext, key, vector, padding, encrypting: true)
    }

    /// Decrypts `ciphertext`.
    ///
    /// Throws `CryptoError` if the padding is wrong, or if the key or the vector has a wrong
    /// length.
    public func decrypt(
        _ ciphertext: RawSpan,
        key: RawSpan,
        vector: [UInt8],
        padding: Padding
    ) throws(CryptoError) -> SecretBytes {
        try run(ciphertext, key, vector, padding, encrypting: false)
    }

    private func run(
        _ input: RawSpan,
        _ key: RawSpan,
        _ vector: [UInt8],
        _ padding: Padding,
        encrypting: Bool
    ) throws(CryptoError) -> SecretBytes {
        guard key.byteCount == keyByteCount, vector.count == vectorByteCount,
            let inputCount = CInt(exactly: input.byteCount)
        else {
            throw CryptoError.invalidParameter(
                "the key or the vector of the cipher has the wrong length"
            )
        }
        let context = unsafe allocated(EVP_CIPHER_CTX_new())
        defer {
            unsafe EVP_CIPHER_CTX_free(context)
            ERR_clear_error()
        }
        // SAFETY: key and vector hold as many bytes as this cipher reads.
        let status = unsafe key.withUnsafeBytes { bytes in
            unsafe EVP_CipherInit_ex(
                context,
                evp,
                nil,
                bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
                vector,
                encrypting ? 1 : 0
            )
        }
        try check(status, "EVP_CipherInit_ex")
        _ = unsafe EVP_CIPHER_CTX_set_padding(context, padding == .pkcs7 ? 1 : 0)
        var written = 0
        let blockByteCount = Int(unsafe EVP_CIPHER_get_block_size(evp))
        let padded = try SecretBytes(count: input.byteCount + blockByteCount) {
            view throws(CryptoError) in
            // SAFETY: OpenSSL writes at most one block more than the input has.
            written = try unsafe view.withUnsafeMutableBytes { output throws(CryptoError) in
                let start = unsafe output.assumingMemoryBound(to: UInt8.self).baseAddress
                var count: CInt = 0
                let status = unsafe input.withUnsafeBytes { bytes in
                    unsafe EVP_CipherUpdate(
                        context,
                        start,
                        &count,
                        bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
                        inputCount
                    )
                }
                try check(status, "EVP_CipherUpdate")
                var last: CInt = 0
                guard
                    unsafe EVP_CipherFinal_ex(context, start?.advanced(by: Int(count)), &last) == 1
                else { throw CryptoError.authenticationFailed }
                return Int(count + last)
            }
        }
        return SecretBytes(copying: padded.bytes.extracting(0..<written))
    }
}
