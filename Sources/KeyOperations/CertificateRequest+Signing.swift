public import CryptoCore

extension CertificateRequest {
    /// Makes a certificate request for a key, as DER, signed by the key with RSASSA-PKCS1-v1_5 and
    /// SHA-256.
    ///
    /// Throws the error of the key.
    public static func make(
        _ key: any SigningKey,
        subject: CertificateSubject
    ) throws -> [UInt8] {
        try toBeSigned(key.publicKey, subject: subject).signed(by: key)
    }
}
