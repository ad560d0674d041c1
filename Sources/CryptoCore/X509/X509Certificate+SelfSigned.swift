internal import COpenSSL

extension X509Certificate {
    /// Makes a self-signed certificate of an RSA key, with RSASSA-PKCS1-v1_5 and SHA-256.
    ///
    /// It is no authority. It is for TLS servers and clients, and for programs that take a key only
    /// in a certificate. The times are in seconds since 1970. Throws `CryptoError` if OpenSSL
    /// fails.
    public static func selfSigned(
        _ key: RSAPrivateKey,
        subject: CertificateSubject,
        notBefore: Int64,
        notAfter: Int64
    ) throws(CryptoError) -> X509Certificate {
        let draft = unsafe allocated(X509_new())
        defer { unsafe X509_free(draft) }
        try check(unsafe X509_set_version(draft, 2), "X509_set_version")  // v3 is written as 2
        try unsafe setSerialNumber(draft)
        let name = unsafe X509_get_subject_name(draft)
        try unsafe subject.add(to: name)
        try check(unsafe X509_set_issuer_name(draft, name), "X509_set_issuer_name")
        guard unsafe ASN1_TIME_set(X509_getm_notBefore(draft), time_t(notBefore)) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(draft), time_t(notAfter)) != nil
        else { throw CryptoError.libraryFailure("ASN1_TIME_set") }
        try check(unsafe X509_set_pubkey(draft, key.key), "X509_set_pubkey")
        try unsafe add(NID_basic_constraints, "critical,CA:FALSE", to: draft)
        try unsafe add(NID_key_usage, "critical,digitalSignature,keyEncipherment", to: draft)
        if !subject.alternativeNames.isEmpty {
            let names = subject.alternativeNames.joined(separator: ",")
            try unsafe add(NID_subject_alt_name, names, to: draft)
        }
        guard unsafe X509_sign(draft, key.key, EVP_sha256()) > 0 else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("X509_sign")
        }
        return try X509Certificate(
            der: unsafe encodedDER("i2d_X509") { unsafe i2d_X509(draft, $0) }
        )
    }
}

extension CertificateSubject {
    func add(to name: OpaquePointer?) throws(CryptoError) {
        // SAFETY: OpenSSL copies the name's bytes.
        try check(
            unsafe X509_NAME_add_entry_by_NID(
                name,
                NID_commonName,
                MBSTRING_UTF8,
                Array(commonName.utf8),
                CInt(commonName.utf8.count),
                -1,
                0
            ),
            "X509_NAME_add_entry_by_NID"
        )
    }
}

/// A certification request (PKCS#10, RFC 2986).
public enum CertificateRequest {
    /// Makes a request for a key, signed by the key with RSASSA-PKCS1-v1_5 and SHA-256.
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    public static func make(
        _ key: RSAPrivateKey,
        subject: CertificateSubject
    ) throws(CryptoError) -> [UInt8] {
        let draft = unsafe allocated(X509_REQ_new())
        defer { unsafe X509_REQ_free(draft) }
        try check(unsafe X509_REQ_set_version(draft, 0), "X509_REQ_set_version")
        try unsafe subject.add(to: X509_REQ_get_subject_name(draft))
        try check(unsafe X509_REQ_set_pubkey(draft, key.key), "X509_REQ_set_pubkey")
        if !subject.alternativeNames.isEmpty {
            let names = subject.alternativeNames.joined(separator: ",")
            let status = unsafe copenssl_request_add_alternative_names(draft, names)
            try check(status, "X509_REQ_add_extensions")
        }
        guard unsafe X509_REQ_sign(draft, key.key, EVP_sha256()) > 0 else {
            ERR_clear_error()
            throw CryptoError.libraryFailure("X509_REQ_sign")
        }
        return try unsafe encodedDER("i2d_X509_REQ") { unsafe i2d_X509_REQ(draft, $0) }
    }

    /// Returns the key of a request; throws `CryptoError` unless the key itself signed the request.
    public static func subjectPublicKeyDER(of der: [UInt8]) throws(CryptoError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard der.count <= X509Certificate.largestByteCount else {
            throw CryptoError.refused(
                "the certification request is larger than "
                    + "\(X509Certificate.largestByteCount >> 10) KiB"
            )
        }
        // SAFETY: the decoder reads at most `count` bytes and moves the cursor past what it read.
        let parsed = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let parsed = unsafe d2i_X509_REQ(nil, &cursor, buffer.count) else { return nil }
            guard unsafe cursor == buffer.baseAddress?.advanced(by: buffer.count) else {
                unsafe X509_REQ_free(parsed)
                return nil
            }
            return unsafe parsed
        }
        guard let request = unsafe parsed else {
            throw CryptoError.invalidEncoding("certification request")
        }
        defer { unsafe X509_REQ_free(request) }
        let key = unsafe X509_REQ_get0_pubkey(request)
        guard unsafe key != nil, unsafe X509_REQ_verify(request, key) == 1 else {
            throw CryptoError.refused("the certification request was not signed by its own key")
        }
        return try unsafe encodedDER("i2d_PUBKEY") { unsafe i2d_PUBKEY(key, $0) }
    }
}
