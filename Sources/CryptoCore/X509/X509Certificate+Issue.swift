internal import COpenSSL

/// The content of a new session certificate.
public struct CertificateContent: Sendable {
    /// The subject's common name, for people who read a packet dump.
    ///
    /// No program relies on it.
    public var commonName: String
    /// The start of validity, in seconds since 1970.
    public var notBefore: Int64
    /// The end of validity, in seconds since 1970.
    public var notAfter: Int64
    /// The one extended key usage.
    public var use: CertificateUse
    /// Further extensions, none critical: object identifier and content.
    public var extensions: [(identifier: String, content: [UInt8])]

    /// Stores the content.
    public init(
        commonName: String,
        notBefore: Int64,
        notAfter: Int64,
        use: CertificateUse,
        extensions: [(identifier: String, content: [UInt8])]
    ) {
        self.commonName = commonName
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.use = use
        self.extensions = extensions
    }
}

extension X509Certificate {
    /// Issues a certificate for `subject`, signed by `issuer` with RSASSA-PSS and SHA-384.
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    public static func issue(
        _ content: CertificateContent,
        subject: P256PrivateKey,
        issuer: RSAPrivateKey
    ) throws(CryptoError) -> X509Certificate {
        let draft = unsafe allocated(X509_new())
        defer { unsafe X509_free(draft) }
        try check(unsafe X509_set_version(draft, 2), "X509_set_version")  // v3 is written as 2
        try unsafe setSerialNumber(draft)
        let name = unsafe X509_get_subject_name(draft)
        // SAFETY: OpenSSL copies the name's bytes.
        try check(
            unsafe X509_NAME_add_entry_by_NID(
                name,
                NID_commonName,
                MBSTRING_UTF8,
                Array(content.commonName.utf8),
                CInt(content.commonName.utf8.count),
                -1,
                0
            ),
            "X509_NAME_add_entry_by_NID"
        )
        try check(unsafe X509_set_issuer_name(draft, name), "X509_set_issuer_name")
        guard unsafe ASN1_TIME_set(X509_getm_notBefore(draft), time_t(content.notBefore)) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(draft), time_t(content.notAfter)) != nil
        else { throw CryptoError.libraryFailure("ASN1_TIME_set") }
        try check(unsafe X509_set_pubkey(draft, subject.key), "X509_set_pubkey")
        try unsafe add(NID_basic_constraints, "critical,CA:FALSE", to: draft)
        try unsafe add(NID_key_usage, "critical,digitalSignature", to: draft)
        try unsafe add(NID_ext_key_usage, "critical,\(content.use.configurationName)", to: draft)
        for item in content.extensions {
            try unsafe add(item.identifier, item.content, to: draft)
        }
        try unsafe sign(draft, with: issuer)
        return try X509Certificate(
            der: unsafe encodedDER("i2d_X509") { unsafe i2d_X509(draft, $0) }
        )
    }

    static func setSerialNumber(_ draft: OpaquePointer) throws(CryptoError) {
        var bytes = try SecureRandom.bytes(count: 16)
        bytes[0] = bytes[0] & 0x7f | 0x40  // positive and never short (RFC 5280 § 4.1.2.2)
        let number = unsafe allocated(BN_bin2bn(bytes, CInt(bytes.count), nil))
        defer { unsafe BN_free(number) }
        guard unsafe BN_to_ASN1_INTEGER(number, X509_get_serialNumber(draft)) != nil else {
            throw CryptoError.libraryFailure("BN_to_ASN1_INTEGER")
        }
    }

    static func add(
        _ nid: CInt,
        _ value: String,
        to draft: OpaquePointer
    ) throws(CryptoError) {
        let item = unsafe X509V3_EXT_conf_nid(nil, nil, nid, value)
        guard let item = unsafe item else {
            throw CryptoError.libraryFailure("X509V3_EXT_conf_nid")
        }
        defer { unsafe X509_EXTENSION_free(item) }
        try check(unsafe X509_add_ext(draft, item, -1), "X509_add_ext")
    }

    private static func add(
        _ identifier: String,
        _ content: [UInt8],
        to draft: OpaquePointer
    ) throws(CryptoError) {
        guard let object = unsafe OBJ_txt2obj(identifier, 1) else {
            throw CryptoError.libraryFailure("OBJ_txt2obj")
        }
        defer { unsafe ASN1_OBJECT_free(object) }
        let octets = unsafe allocated(ASN1_OCTET_STRING_new())
        defer { unsafe ASN1_OCTET_STRING_free(octets) }
        // SAFETY: OpenSSL copies `count` bytes.
        try check(
            unsafe ASN1_OCTET_STRING_set(octets, content, CInt(content.count)),
            "ASN1_OCTET_STRING_set"
        )
        let item = unsafe X509_EXTENSION_create_by_OBJ(nil, object, 0, octets)
        guard let item = unsafe item else {
            throw CryptoError.libraryFailure("X509_EXTENSION_create_by_OBJ")
        }
        defer { unsafe X509_EXTENSION_free(item) }
        try check(unsafe X509_add_ext(draft, item, -1), "X509_add_ext")
    }

    private static func sign(
        _ draft: OpaquePointer,
        with issuer: RSAPrivateKey
    ) throws(CryptoError) {
        let context = unsafe allocated(EVP_MD_CTX_new())
        defer { unsafe EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        // SAFETY: the context owns `parameters`.
        try check(
            unsafe EVP_DigestSignInit(context, &parameters, EVP_sha384(), nil, issuer.key),
            "EVP_DigestSignInit"
        )
        guard unsafe PSS.configure(parameters), unsafe X509_sign_ctx(draft, context) > 0 else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("X509_sign_ctx")
        }
    }
}
