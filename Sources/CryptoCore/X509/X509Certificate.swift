internal import COpenSSL

/// The use of a certificate (RFC 5280 § 4.2.1.12).
///
/// A session's certificate has exactly one.
public enum CertificateUse: Sendable {
    /// TLS server authentication.
    case server
    /// TLS client authentication.
    case client

    var nid: CInt {
        switch self {
        case .server: NID_server_auth
        case .client: NID_client_auth
        }
    }

    var configurationName: String {
        switch self {
        case .server: "serverAuth"
        case .client: "clientAuth"
        }
    }
}

/// An X.509 certificate (RFC 5280).
///
/// It is parsed, but not trusted. It owns OpenSSL's certificate.
@safe
public final class X509Certificate: @unchecked Sendable {
    // `@unchecked Sendable`: it is parsed and cached in `init`, and not changed later.
    let certificate: OpaquePointer
    /// The bytes from which it was parsed.
    public let derRepresentation: [UInt8]

    /// The largest certificate that is parsed, in bytes.
    public static let largestByteCount = 64 << 10

    /// Parses one certificate and nothing after it.
    ///
    /// Throws `CryptoError` if it is damaged or larger than 64 KiB.
    public init(der: [UInt8]) throws(CryptoError) {
        guard der.count <= X509Certificate.largestByteCount else {
            throw CryptoError.refused(
                "the certificate is larger than \(X509Certificate.largestByteCount >> 10) KiB"
            )
        }
        // SAFETY: the decoder reads at most `count` bytes and moves the cursor past what it read.
        let parsed = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var cursor = buffer.baseAddress
            guard let parsed = unsafe d2i_X509(nil, &cursor, buffer.count) else { return nil }
            guard unsafe cursor == buffer.baseAddress?.advanced(by: buffer.count) else {
                unsafe X509_free(parsed)
                return nil
            }
            return unsafe parsed
        }
        guard let parsed = unsafe parsed else {
            ERR_clear_error()
            throw CryptoError.invalidEncoding("certificate")
        }
        unsafe certificate = parsed
        derRepresentation = der
    }

    deinit { unsafe X509_free(certificate) }

    /// Returns the subject's public key as SubjectPublicKeyInfo; throws `CryptoError` if OpenSSL
    /// fails.
    public func subjectPublicKeyDER() throws(CryptoError) -> [UInt8] {
        let key = unsafe X509_get_X509_PUBKEY(certificate)
        return try unsafe encodedDER("i2d_X509_PUBKEY") { unsafe i2d_X509_PUBKEY(key, $0) }
    }

    /// Returns the subject as a Name (RFC 5280 § 4.1.2.6); throws `CryptoError` if OpenSSL fails.
    public func subjectNameDER() throws(CryptoError) -> [UInt8] {
        let name = unsafe X509_get_subject_name(certificate)
        return try unsafe encodedDER("i2d_X509_NAME") { unsafe i2d_X509_NAME(name, $0) }
    }

    /// Returns the issuer as a Name (RFC 5280 § 4.1.2.4); throws `CryptoError` if OpenSSL fails.
    public func issuerNameDER() throws(CryptoError) -> [UInt8] {
        let name = unsafe X509_get_issuer_name(certificate)
        return try unsafe encodedDER("i2d_X509_NAME") { unsafe i2d_X509_NAME(name, $0) }
    }

    /// Returns whether `issuer` signed it with RSASSA-PSS, SHA-384 everywhere and a 48-byte salt.
    public func isSigned(by issuer: RSAPublicKey) -> Bool {
        defer { ERR_clear_error() }
        var digest: CInt = 0
        var kind: CInt = 0
        var flags: UInt32 = 0
        // X509_SIG_INFO_TLS means that MGF1 and the salt's length are right
        // (crypto/rsa/rsa_ameth.c).
        guard unsafe X509_get_signature_info(certificate, &digest, &kind, nil, &flags) == 1,
            digest == NID_sha384, kind == EVP_PKEY_RSA_PSS,
            flags & UInt32(X509_SIG_INFO_TLS) != 0
        else { return false }
        return unsafe X509_verify(certificate, issuer.key) == 1
    }

    /// Returns whether `time` (seconds since 1970) is in its validity, with `tolerance` seconds
    /// more.
    public func isValid(at time: Int64, tolerance: Int64) -> Bool {
        var early = time_t(time + tolerance)
        var late = time_t(time - tolerance)
        return unsafe X509_cmp_time(X509_get0_notBefore(certificate), &early) < 0
            && X509_cmp_time(X509_get0_notAfter(certificate), &late) > 0
    }

    /// The seconds until its validity ends, by the system's clock; negative after the end.
    public var remainingSeconds: Int64 {
        var days: CInt = 0
        var seconds: CInt = 0
        guard
            unsafe ASN1_TIME_diff(&days, &seconds, nil, X509_get0_notAfter(certificate)) == 1
        else { return 0 }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    /// The length of its validity in seconds; `nil` if its dates cannot be read.
    public var validitySeconds: Int64? {
        var days: CInt = 0
        var seconds: CInt = 0
        guard
            unsafe ASN1_TIME_diff(
                &days,
                &seconds,
                X509_get0_notBefore(certificate),
                X509_get0_notAfter(certificate)
            ) == 1
        else { return nil }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    /// Whether it says `CA:TRUE`, or could count as the certificate of an authority.
    public var isCertificateAuthority: Bool {
        unsafe X509_check_ca(certificate) != 0
    }

    /// Returns whether its extended key usage is exactly `use`.
    public func hasOnlyUse(_ use: CertificateUse) -> Bool {
        guard
            let raw = unsafe X509_get_ext_d2i(certificate, NID_ext_key_usage, nil, nil)
        else { return false }
        let usage = OpaquePointer(raw)
        defer { unsafe EXTENDED_KEY_USAGE_free(usage) }
        return unsafe copenssl_eku_count(usage) == 1
            && OBJ_obj2nid(copenssl_eku_at(usage, 0)) == use.nid
    }

    /// Returns the content of the extension with this object identifier; `nil` unless there is
    /// exactly one.
    public func extensionContent(_ identifier: String) -> [UInt8]? {
        guard let object = unsafe OBJ_txt2obj(identifier, 1) else { return nil }
        defer { unsafe ASN1_OBJECT_free(object) }
        let index = unsafe X509_get_ext_by_OBJ(certificate, object, -1)
        guard index >= 0, unsafe X509_get_ext_by_OBJ(certificate, object, index) < 0,
            let content = unsafe X509_EXTENSION_get_data(X509_get_ext(certificate, index)),
            let start = unsafe ASN1_STRING_get0_data(content)
        else { return nil }
        // SAFETY: the string belongs to the certificate, and its bytes are copied at once.
        let count = Int(unsafe ASN1_STRING_length(content))
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }
}
