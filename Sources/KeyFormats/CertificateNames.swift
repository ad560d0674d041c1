/// The names in a certificate, as DER.
///
/// They tell which of several certificates issued which.
public struct CertificateNames: Sendable, Hashable {
    /// The subject.
    public let subject: [UInt8]
    /// The issuer.
    public let issuer: [UInt8]
}
