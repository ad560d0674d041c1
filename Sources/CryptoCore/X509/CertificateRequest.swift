internal import COpenSSL

/// A certification request (PKCS#10, RFC 2986).
public enum CertificateRequest {
    /// A request for a key, to be signed by that key with RSASSA-PKCS1-v1_5 and SHA-256.
    public static func toBeSigned(
        _ key: RSAPublicKey,
        subject: CertificateSubject
    ) throws(CryptoError) -> ToBeSigned {
        let draft = unsafe allocated(X509_REQ_new())
        defer { unsafe X509_REQ_free(draft) }
        let version1: CLong = 0  // v1 is written as 0 (RFC 2986 § 4.1)
        try check(unsafe X509_REQ_set_version(draft, version1), "X509_REQ_set_version")
        try unsafe CertificateSubject.add(
            subject.commonName,
            to: X509_REQ_get_subject_name(draft)
        )
        try check(unsafe X509_REQ_set_pubkey(draft, key.key), "X509_REQ_set_pubkey")
        if !subject.alternativeNames.isEmpty {
            let names = subject.alternativeNames.joined(separator: ",")
            let status = unsafe copenssl_request_add_alternative_names(draft, names)
            try check(status, "X509_REQ_add_extensions")
        }
        return ToBeSigned(
            try unsafe encodedDER("i2d_re_X509_REQ_tbs") {
                unsafe i2d_re_X509_REQ_tbs(draft, $0)
            },
            .pkcs1SHA256
        )
    }

    /// The key that a request is for; throws `CryptoError` unless the key itself signed it.
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
