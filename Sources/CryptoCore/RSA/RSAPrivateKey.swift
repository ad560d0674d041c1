internal import COpenSSL

/// An RSA private key (RFC 8017 § 3.2).
///
/// It owns OpenSSL's key.
@safe
public final class RSAPrivateKey: @unchecked Sendable {
    // `@unchecked Sendable`: as with the public key. OpenSSL's blinding has its own lock.
    let key: OpaquePointer
    /// The public half.
    public let publicKey: RSAPublicKey

    /// The largest private key that is read, in bits: checking a larger one takes minutes.
    public static let largestBitCount = 8192

    private init(owning key: OpaquePointer?) throws(CryptoError) {
        guard let key = unsafe key else {
            ERR_clear_error()
            throw CryptoError.invalidEncoding("private key")
        }
        do throws(CryptoError) {
            let publicKey = try unsafe RSAPublicKey(retaining: key)
            guard publicKey.bitCount <= RSAPrivateKey.largestBitCount else {
                throw CryptoError.refused(
                    "the RSA private key is longer than \(RSAPrivateKey.largestBitCount) bits"
                )
            }
            // Most formats have room for two primes only, and some programs take no other keys.
            var thirdPrime: OpaquePointer?
            guard unsafe EVP_PKEY_get_bn_param(key, "rsa-factor3", &thirdPrime) != 1 else {
                unsafe BN_clear_free(thirdPrime)
                throw CryptoError.refused("the RSA private key has more than two primes")
            }
            ERR_clear_error()
            self.publicKey = publicKey
        } catch {
            unsafe EVP_PKEY_free(key)
            throw error
        }
        unsafe self.key = key
    }

    /// Generates a key with e = 65537 (FIPS 186-5 § A.1).
    ///
    /// Throws `CryptoError` unless `bitCount` is between 2,048 and 8,192.
    public static func generate(bitCount: Int) throws(CryptoError) -> RSAPrivateKey {
        guard (RSAPublicKey.smallestBitCount...RSAPublicKey.largestBitCount).contains(bitCount)
        else { throw CryptoError.invalidParameter("an RSA key of \(bitCount) bits cannot be made") }
        SecureHeap.open()
        return try unsafe RSAPrivateKey(owning: copenssl_rsa_generate(bitCount))
    }

    /// Reads a PrivateKeyInfo (RFC 5958) or an RSAPrivateKey (RFC 8017 § A.1.2), and nothing after
    /// it.
    ///
    /// Throws `CryptoError` if it is damaged, longer than 8,192 bits, or has more than two primes.
    public convenience init(der: RawSpan) throws(CryptoError) {
        SecureHeap.open()
        // SAFETY: the decoder reads at most `count` bytes and moves the cursor past what it read.
        let parsed = unsafe der.withUnsafeBytes { bytes -> OpaquePointer? in
            let start = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress
            var cursor = unsafe start
            guard let key = unsafe d2i_AutoPrivateKey(nil, &cursor, bytes.count) else { return nil }
            guard unsafe cursor == start?.advanced(by: bytes.count) else {
                unsafe EVP_PKEY_free(key)
                return nil
            }
            return unsafe key
        }
        try unsafe self.init(owning: parsed)
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Throws `CryptoError` unless the private parts fit together (SP 800-56B § 6.4.1).
    ///
    /// It is slow, so it is called for foreign keys and not at each opening of the user's own.
    public func validate() throws(CryptoError) {
        let context = unsafe allocated(EVP_PKEY_CTX_new(key, nil))
        defer {
            unsafe EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        guard unsafe EVP_PKEY_check(context) == 1 else {
            throw CryptoError.refused("the parts of the RSA private key do not fit together")
        }
    }

    /// Returns the key as an unencrypted PrivateKeyInfo; throws `CryptoError` if OpenSSL fails.
    public func pkcs8DERRepresentation() throws(CryptoError) -> SecretBytes {
        guard let info = unsafe EVP_PKEY2PKCS8(key) else {
            throw CryptoError.libraryFailure("EVP_PKEY2PKCS8")
        }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        return try unsafe secretDER("i2d_PKCS8_PRIV_KEY_INFO") {
            unsafe i2d_PKCS8_PRIV_KEY_INFO(info, $0)
        }
    }

    /// Returns the key as an unencrypted RSAPrivateKey; throws `CryptoError` if OpenSSL fails.
    public func pkcs1DERRepresentation() throws(CryptoError) -> SecretBytes {
        try unsafe secretDER("i2d_PrivateKey") { unsafe i2d_PrivateKey(key, $0) }
    }

    /// Signs with RSASSA-PSS, SHA-384 and a 48-byte salt (RFC 8017 § 8.1.1).
    ///
    /// This scheme is only for structures that this project builds from fields, with their context.
    /// It never signs bytes that a user chose. Throws `CryptoError` if OpenSSL fails.
    public func signature(over message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let context = unsafe allocated(EVP_MD_CTX_new())
        defer { unsafe EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        // SAFETY: the context owns `parameters`; OpenSSL reads the counts given.
        try check(
            unsafe EVP_DigestSignInit(context, &parameters, EVP_sha384(), nil, key),
            "EVP_DigestSignInit"
        )
        guard unsafe PSS.configure(parameters) else { throw CryptoError.libraryFailure("PSS") }
        var count = Int(unsafe EVP_PKEY_get_size(key))
        var signature = [UInt8](repeating: 0, count: count)
        try check(
            unsafe EVP_DigestSign(context, &signature, &count, message, message.count),
            "EVP_DigestSign"
        )
        return Array(signature.prefix(count))
    }

    /// Decrypts RSAES-OAEP with SHA-256 and a label.
    ///
    /// Throws the same `CryptoError` for every failed decryption.
    public func decrypt(_ sealed: [UInt8], label: [UInt8]) throws(CryptoError) -> SecretBytes {
        let context = unsafe allocated(EVP_PKEY_CTX_new(key, nil))
        defer {
            unsafe EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        try check(unsafe EVP_PKEY_decrypt_init(context), "EVP_PKEY_decrypt_init")
        try unsafe OAEP.configure(context, label: label)
        var count = Int(unsafe EVP_PKEY_get_size(key))
        let padded = try SecretBytes(count: count) { view throws(CryptoError) in
            // SAFETY: the output holds the modulus' length; less is written.
            let status = unsafe view.withUnsafeMutableBytes { output in
                unsafe EVP_PKEY_decrypt(
                    context,
                    output.assumingMemoryBound(to: UInt8.self).baseAddress,
                    &count,
                    sealed,
                    sealed.count
                )
            }
            guard status == 1 else { throw CryptoError.authenticationFailed }
        }
        return SecretBytes(copying: padded.bytes.extracting(0..<count))
    }
}

/// Returns the DER that an `i2d_…` function writes, as a secret.
func secretDER(
    _ function: String,
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> CInt
) throws(CryptoError) -> SecretBytes {
    let count = encode(nil)
    guard count > 0 else {
        ERR_clear_error()
        throw CryptoError.libraryFailure(function)
    }
    return SecretBytes(count: Int(count)) { view in
        // SAFETY: the first call returned the number of bytes that the second one writes.
        unsafe view.withUnsafeMutableBytes { output in
            var cursor = unsafe output.assumingMemoryBound(to: UInt8.self).baseAddress
            _ = unsafe encode(&cursor)
        }
    }
}
