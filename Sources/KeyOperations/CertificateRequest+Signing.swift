public import CryptoCore

extension CertificateRequest {
    /// A request for a key as DER, signed by it with RSASSA-PKCS1-v1_5 and SHA-256; throws the error
    /// of the key's holder.
    public static func make(
        _ key: any SigningKey,
        subject: CertificateSubject
    ) throws -> [UInt8] {
        try toBeSigned(key.publicKey, subject: subject).signed(by: key)
    }
}
