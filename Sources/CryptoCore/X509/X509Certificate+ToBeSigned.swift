internal import COpenSSL

extension X509Certificate {
    /// The certificate of a session with the key `subject`, to be signed with RSASSA-PSS and
    /// SHA-384 by the identity that the session speaks for.
    public static func toBeIssued(
        _ content: CertificateContent,
        subject: P256PrivateKey
    ) throws(CryptoError) -> ToBeSigned {
        let draft = CertificateDraft()
        try unsafe draft.write(
            commonName: content.commonName,
            notBefore: content.notBefore,
            notAfter: content.notAfter,
            key: subject.key
        )
        try draft.add(NID_basic_constraints, "critical,CA:FALSE")
        try draft.add(NID_key_usage, "critical,digitalSignature")
        try draft.add(NID_ext_key_usage, "critical,\(content.use.configurationName)")
        for item in content.extensions { try draft.add(item.identifier, item.content) }
        return try draft.toBeSigned(.pssSHA384)
    }

    /// Returns a certificate that a key signs itself, to be signed with RSASSA-PKCS1-v1_5 and
    /// SHA-256.
    ///
    /// It is no CA certificate. TLS servers and clients use it, and programs that accept a key only
    /// inside a certificate. `notBefore` and `notAfter` are seconds since 1970.
    public static func toBeSelfSigned(
        _ key: RSAPublicKey,
        subject: CertificateSubject,
        notBefore: Int64,
        notAfter: Int64
    ) throws(CryptoError) -> ToBeSigned {
        let draft = CertificateDraft()
        try unsafe draft.write(
            commonName: subject.commonName,
            notBefore: notBefore,
            notAfter: notAfter,
            key: key.key
        )
        try draft.add(NID_basic_constraints, "critical,CA:FALSE")
        try draft.add(NID_key_usage, "critical,digitalSignature,keyEncipherment")
        if !subject.alternativeNames.isEmpty {
            try draft.add(NID_subject_alt_name, subject.alternativeNames.joined(separator: ","))
        }
        return try draft.toBeSigned(.pkcs1SHA256)
    }
}
