public import CryptoCore

extension X509Certificate {
    /// Issues a certificate for the session key `subject`, signed by `issuer` with RSASSA-PSS and
    /// SHA-384.
    ///
    /// Throws the error of the key `issuer`.
    public static func issue(
        _ content: CertificateContent,
        subject: P256PrivateKey,
        issuer: any SigningKey
    ) throws -> X509Certificate {
        try X509Certificate(der: toBeIssued(content, subject: subject).signed(by: issuer))
    }

    /// Makes a certificate of a key that the key signs itself, with RSASSA-PKCS1-v1_5 and SHA-256.
    ///
    /// It is valid from `notBefore` to `notAfter` (seconds since 1970). Throws the error of the
    /// key.
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
