internal import COpenSSL

/// An RSA public key (RFC 8017 § 3.1).
///
/// It owns OpenSSL's key.
@safe
public final class RSAPublicKey: @unchecked Sendable {
    // `@unchecked Sendable`: OpenSSL keys are not changed after they are made, and OpenSSL
    // documents that several threads may use one.
    let key: OpaquePointer

    /// The smallest modulus that is accepted, in bits.
    public static let smallestBitCount = 2048
    /// The largest modulus that is accepted, in bits: a larger one only costs time.
    public static let largestBitCount = 16384

    private init(owning key: OpaquePointer?, what: String) throws(CryptoError) {
        guard let key = unsafe key else {
            ERR_clear_error()
            throw CryptoError.invalidEncoding(what)
        }
        unsafe self.key = key
        guard unsafe EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else {
            throw CryptoError.refused("the key is not an RSA key")
        }
        guard unsafe EVP_PKEY_get_bits(key) <= RSAPublicKey.largestBitCount else {
            throw CryptoError.refused(
                "the RSA key is longer than \(RSAPublicKey.largestBitCount) bits"
            )
        }
        // A number without bytes is zero, which not every format can write.
        guard !modulus.isEmpty, !exponent.isEmpty else {
            throw CryptoError.refused("the modulus or the public exponent of the RSA key is zero")
        }
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280 § 4.1.2.7) and nothing after it.
    ///
    /// Throws `CryptoError` if it is damaged, not an RSA key, or longer than 16,384 bits.
    public convenience init(spkiDER der: [UInt8]) throws(CryptoError) {
        try unsafe self.init(
            owning: RSAPublicKey.parse(der) { unsafe d2i_PUBKEY(nil, $0, $1) },
            what: "SubjectPublicKeyInfo"
        )
    }

    /// Reads an RSAPublicKey (RFC 8017 § A.1.1) and nothing after it.
    ///
    /// Throws `CryptoError` if it is damaged or longer than 16,384 bits.
    public convenience init(pkcs1DER der: [UInt8]) throws(CryptoError) {
        try unsafe self.init(
            owning: RSAPublicKey.parse(der) {
                unsafe d2i_PublicKey(EVP_PKEY_RSA, nil, $0, $1)
            },
            what: "RSAPublicKey"
        )
    }

    /// Adds a reference to a key that OpenSSL made.
    convenience init(retaining key: OpaquePointer) throws(CryptoError) {
        unsafe EVP_PKEY_up_ref(key)
        try unsafe self.init(owning: key, what: "RSA key")
    }

    deinit { unsafe EVP_PKEY_free(key) }

    private static func parse(
        _ der: [UInt8],
        _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, CLong) -> OpaquePointer?
    ) -> OpaquePointer? {
        // SAFETY: the decoder reads at most `count` bytes and moves the cursor past what it read.
        unsafe der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let parsed = unsafe decode(&cursor, buffer.count) else { return nil }
            guard unsafe cursor == buffer.baseAddress?.advanced(by: buffer.count) else {
                unsafe EVP_PKEY_free(parsed)  // bytes left over
                return nil
            }
            return unsafe parsed
        }
    }

    /// The length of the modulus, in bits.
    public var bitCount: Int { Int(unsafe EVP_PKEY_get_bits(key)) }
    /// The modulus, big endian, without leading zeros.
    public var modulus: [UInt8] { integer(OSSL_PKEY_PARAM_RSA_N) }
    /// The public exponent, big endian, without leading zeros.
    public var exponent: [UInt8] { integer(OSSL_PKEY_PARAM_RSA_E) }

    private func integer(_ name: String) -> [UInt8] {
        var number: OpaquePointer?
        // SAFETY: OpenSSL allocates the number; this function frees it.
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1 else { return [] }
        defer { unsafe BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BN_num_bits(number) + 7) / 8)
        _ = unsafe BN_bn2bin(number, &bytes)
        return bytes
    }

    /// Returns the key as SubjectPublicKeyInfo (DER); throws `CryptoError` if OpenSSL fails.
    public func spkiDERRepresentation() throws(CryptoError) -> [UInt8] {
        try unsafe encodedDER("i2d_PUBKEY") { unsafe i2d_PUBKEY(key, $0) }
    }

    /// Returns the key as RSAPublicKey (DER); throws `CryptoError` if OpenSSL fails.
    public func pkcs1DERRepresentation() throws(CryptoError) -> [UInt8] {
        try unsafe encodedDER("i2d_PublicKey") { unsafe i2d_PublicKey(key, $0) }
    }

    /// Returns whether `signature` is RSASSA-PSS with SHA-384, MGF1-SHA-384 and a 48-byte salt (RFC
    /// 8017 § 8.1.2) over `message`.
    ///
    /// Only this project's own structures use this scheme.
    public func isValidSignature(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer {
            unsafe EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        var parameters: OpaquePointer?
        // SAFETY: the context owns `parameters`; OpenSSL reads the counts given.
        guard unsafe EVP_DigestVerifyInit(context, &parameters, EVP_sha384(), nil, key) == 1,
            unsafe PSS.configure(parameters)
        else { return false }
        return unsafe EVP_DigestVerify(
            context,
            signature,
            signature.count,
            message,
            message.count
        ) == 1
    }

    /// Encrypts with RSAES-OAEP (RFC 8017 § 7.1.1) and a label; SHA-256 is the hash, also of MGF1.
    ///
    /// Throws `CryptoError` if the message is too long for the key.
    public func encrypt(_ message: RawSpan, label: [UInt8]) throws(CryptoError) -> [UInt8] {
        let context = unsafe allocated(EVP_PKEY_CTX_new(key, nil))
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try check(unsafe EVP_PKEY_encrypt_init(context), "EVP_PKEY_encrypt_init")
        try unsafe OAEP.configure(context, label: label)
        var count = Int(unsafe EVP_PKEY_get_size(key))
        var sealed = [UInt8](repeating: 0, count: count)
        // SAFETY: the output has the length of the modulus, which is what OpenSSL writes.
        let status = unsafe message.withUnsafeBytes { input in
            unsafe EVP_PKEY_encrypt(
                context,
                &sealed,
                &count,
                input.assumingMemoryBound(to: UInt8.self).baseAddress,
                input.count
            )
        }
        try check(status, "EVP_PKEY_encrypt")
        return sealed
    }
}

/// The project's one setting of PSS: SHA-384 everywhere, and a salt as long as the digest.
enum PSS {
    static func configure(_ parameters: OpaquePointer?) -> Bool {
        unsafe EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, EVP_sha384()) == 1
    }
}

enum OAEP {
    static func configure(_ context: OpaquePointer, label: [UInt8]) throws(CryptoError) {
        try check(
            unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING),
            "EVP_PKEY_CTX_set_rsa_padding"
        )
        try check(
            unsafe EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()),
            "EVP_PKEY_CTX_set_rsa_oaep_md"
        )
        try check(
            unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()),
            "EVP_PKEY_CTX_set_rsa_mgf1_md"
        )
        guard !label.isEmpty else { return }
        // SAFETY: the context owns the copy, which OpenSSL's allocator made.
        let copy = unsafe copenssl_malloc(label.count)
        unsafe copy?.copyMemory(from: label, byteCount: label.count)
        try check(
            unsafe EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, CInt(label.count)),
            "EVP_PKEY_CTX_set0_rsa_oaep_label"
        )
    }
}
