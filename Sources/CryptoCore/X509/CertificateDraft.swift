internal import COpenSSL

/// A certificate (X.509 v3) that is being written.
@safe
struct CertificateDraft: ~Copyable {
    private static let version3: CLong = 2  // v3 is written as 2 (RFC 5280 § 4.1.2.1)
    private static let serialByteCount = 16

    private let draft: OpaquePointer

    init() { unsafe draft = allocated(X509_new()) }

    deinit { unsafe X509_free(draft) }

    /// Writes the fields that every certificate has; subject and issuer are the same name.
    func write(
        commonName: String,
        notBefore: Int64,
        notAfter: Int64,
        key: OpaquePointer
    ) throws(CryptoError) {
        try check(
            unsafe X509_set_version(draft, CertificateDraft.version3),
            "X509_set_version"
        )
        try writeSerialNumber()
        let name = unsafe X509_get_subject_name(draft)
        try unsafe CertificateSubject.add(commonName, to: name)
        try check(unsafe X509_set_issuer_name(draft, name), "X509_set_issuer_name")
        guard unsafe ASN1_TIME_set(X509_getm_notBefore(draft), time_t(notBefore)) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(draft), time_t(notAfter)) != nil
        else { throw CryptoError.libraryFailure("ASN1_TIME_set") }
        try check(unsafe X509_set_pubkey(draft, key), "X509_set_pubkey")
    }

    private func writeSerialNumber() throws(CryptoError) {
        var bytes = try SecureRandom.bytes(count: CertificateDraft.serialByteCount)
        bytes[0] = bytes[0] & 0x7f | 0x40  // positive and never short (RFC 5280 § 4.1.2.2)
        let number = unsafe allocated(BN_bin2bn(bytes, CInt(bytes.count), nil))
        defer { unsafe BN_free(number) }
        guard unsafe BN_to_ASN1_INTEGER(number, X509_get_serialNumber(draft)) != nil else {
            throw CryptoError.libraryFailure("BN_to_ASN1_INTEGER")
        }
    }

    /// Adds an extension, written as in OpenSSL's configuration.
    func add(_ nid: CInt, _ value: String) throws(CryptoError) {
        let item = unsafe X509V3_EXT_conf_nid(nil, nil, nid, value)
        guard let item = unsafe item else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("X509V3_EXT_conf_nid")
        }
        defer { unsafe X509_EXTENSION_free(item) }
        try check(unsafe X509_add_ext(draft, item, -1), "X509_add_ext")
    }

    /// Adds an extension that is not critical, by its object identifier.
    func add(_ identifier: String, _ content: [UInt8]) throws(CryptoError) {
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

    /// Returns the bytes to sign, which include the signature algorithm.
    func toBeSigned(_ algorithm: CertificateAlgorithm) throws(CryptoError) -> ToBeSigned {
        let identifier = algorithm.identifier
        // SAFETY: the decoder reads at most `count` bytes.
        let parsed = unsafe identifier.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_X509_ALGOR(nil, &cursor, buffer.count)
        }
        guard let parsed = unsafe parsed else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("d2i_X509_ALGOR")
        }
        defer { unsafe X509_ALGOR_free(parsed) }
        // SAFETY: the algorithm is a part of the draft, which nobody else has.
        try check(
            unsafe X509_ALGOR_copy(
                UnsafeMutablePointer(mutating: X509_get0_tbs_sigalg(draft)),
                parsed
            ),
            "X509_ALGOR_copy"
        )
        return ToBeSigned(
            try unsafe encodedDER("i2d_re_X509_tbs") { unsafe i2d_re_X509_tbs(draft, $0) },
            algorithm
        )
    }
}
