/// The content of a new session certificate.
public struct CertificateContent: Sendable {
    /// The subject's common name, for people who read a packet dump; no code uses it.
    public var commonName: String
    /// Start of validity, seconds since 1970.
    public var notBefore: Int64
    /// End of validity, seconds since 1970.
    public var notAfter: Int64
    /// The only use that the certificate allows.
    public var use: CertificateUse
    /// Further extensions: object identifier and content, not critical.
    public var extensions: [(identifier: String, content: [UInt8])]

    /// Stores the content of a new certificate.
    public init(
        commonName: String,
        notBefore: Int64,
        notAfter: Int64,
        use: CertificateUse,
        extensions: [(identifier: String, content: [UInt8])]
    ) {
        self.commonName = commonName
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.use = use
        self.extensions = extensions
    }
}
