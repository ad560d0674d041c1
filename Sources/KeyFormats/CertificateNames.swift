/// Whom a certificate names, as DER: for telling which of several certificates issued which.
public struct CertificateNames: Sendable, Hashable {
    /// Whom it is for.
    public let subject: [UInt8]
    /// Who issued it.
    public let issuer: [UInt8]
}
