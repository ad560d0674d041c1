internal import COpenSSL

/// The scheme of a signature over bytes that a user chose: files and tokens.
///
/// PSS with SHA-384 is left out. So such a signature can never count as a session, a statement or a
/// checkpoint.
public enum SignatureScheme: Sendable, Hashable {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 § 8.2).
    case pkcs1(HashAlgorithm)
    /// RSASSA-PSS (RFC 8017 § 8.1): MGF1 with the same hash, and a salt as long as the digest.
    case pss(HashAlgorithm)

    /// The scheme of bare signatures.
    ///
    /// No other signature here has this scheme, so a signature over freely chosen bytes never
    /// counts as another kind (docs/signatures.md).
    public static let bare = SignatureScheme.pss(.sha3With512Bits)

    /// The hash over the signed bytes.
    public var hash: HashAlgorithm {
        switch self {
        case .pkcs1(let hash), .pss(let hash): hash
        }
    }

    fileprivate func configure(_ context: OpaquePointer) throws(CryptoError) {
        switch self {
        case .pkcs1:
            try check(
                unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING),
                "EVP_PKEY_CTX_set_rsa_padding"
            )
        case .pss:
            try check(
                unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING),
                "EVP_PKEY_CTX_set_rsa_padding"
            )
            try check(
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST),
                "EVP_PKEY_CTX_set_rsa_pss_saltlen"
            )
            try check(
                unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash.evp),
                "EVP_PKEY_CTX_set_rsa_mgf1_md"
            )
        }
        try check(
            unsafe EVP_PKEY_CTX_set_signature_md(context, hash.evp),
            "EVP_PKEY_CTX_set_signature_md"
        )
    }
}

extension RSAPrivateKey {
    /// Signs the digest of bytes that a user chose; throws `CryptoError` if OpenSSL fails.
    public func signature(
        ofDigest digest: [UInt8],
        scheme: SignatureScheme
    ) throws(CryptoError) -> [UInt8] {
        precondition(digest.count == scheme.hash.byteCount)
        let context = unsafe allocated(EVP_PKEY_CTX_new(key, nil))
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try check(unsafe EVP_PKEY_sign_init(context), "EVP_PKEY_sign_init")
        try unsafe scheme.configure(context)
        var count = Int(unsafe EVP_PKEY_get_size(key))
        var signature = [UInt8](repeating: 0, count: count)
        // SAFETY: the output has the length of the modulus, which is what OpenSSL writes.
        try check(
            unsafe EVP_PKEY_sign(context, &signature, &count, digest, digest.count),
            "EVP_PKEY_sign"
        )
        return Array(signature.prefix(count))
    }
}

extension RSAPublicKey {
    /// Returns whether `signature` signs the bytes with this digest.
    public func isValidSignature(
        _ signature: [UInt8],
        ofDigest digest: [UInt8],
        scheme: SignatureScheme
    ) -> Bool {
        guard digest.count == scheme.hash.byteCount,
            let context = unsafe EVP_PKEY_CTX_new(key, nil)
        else { return false }
        defer {
            unsafe EVP_PKEY_CTX_free(context)
            ERR_clear_error()
        }
        guard unsafe EVP_PKEY_verify_init(context) == 1,
            (try? unsafe scheme.configure(context)) != nil
        else { return false }
        // SAFETY: OpenSSL reads the counts given.
        return unsafe EVP_PKEY_verify(
            context,
            signature,
            signature.count,
            digest,
            digest.count
        ) == 1
    }
}
