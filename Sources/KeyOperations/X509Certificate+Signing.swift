public import CryptoCore

extension X509Certificate {
    /// Issues a certificate for the session key `subject`, signed by `issuer` with RSASSA-PSS and
    /// SHA-384; throws the error of the key's holder.
    public static func issue(
        _ content: CertificateContent,
        subject: P256PrivateKey,
        issuer: any SigningKey
    ) throws -> X509Certificate {
        try X509Certificate(der: toBeIssued(content, subject: subject).signed(by: issuer))
    }

    /// A certificate of a key's own, RSASSA-PKCS1-v1_5 with SHA-256, valid from `notBefore` to
    /// `notAfter` (seconds since 1970); throws the error of the key's holder.
    public static func selfSigned(
        _ key: any SigningKey,
        subject: CertificateSubject,
        notBefore: Int64,
        notAfter: Int64
    ) throws -> X509Certificate {
        let draft = try toBeSelfSigned(
            key.publicKey,
            subject: subject,
            notBefore: notBefore,
            notAfter: notAfter
        )
        return try X509Certificate(der: draft.signed(by: key))
    }
}
