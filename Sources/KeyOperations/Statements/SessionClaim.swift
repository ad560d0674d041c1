public import CryptoCore

/// What the certificate of a session says about the key that issues it.
///
/// docs/chat-protocol.md gives the bytes of its extensions.
public struct SessionClaim: Sendable, Equatable {
    /// The common name of every session certificate.
    ///
    /// It tells nothing about the identity.
    package static let commonName = "securechat session"
    // Object identifiers from UUIDs (ITU-T X.667), made for this project.
    package static let contentIdentifier = "2.25.130669903517035296756663824287849907699"
    package static let statementsIdentifier = "2.25.219530615018679625668335247479685257580"
    /// The version of the content's layout.
    package static let format: UInt8 = 1
    /// Format, identity, chat, version and the signing key.
    package static let contentByteCount = 69 + P256PublicKey.x963ByteCount
    /// The longest life of a session, in seconds.
    package static let lifetimeSeconds: Int64 = 24 * 3_600

    /// Whether it is a server's or a client's certificate.
    public let use: CertificateUse
    /// The id of the identity.
    public let identity: SHA256Digest
    /// The id of the chat: the server's identity.
    public let chat: SHA256Digest
    /// The version of the identity's key that issues it.
    public let version: Int
    /// The beginning of the validity, in seconds since 1970.
    public let notBefore: Int64
    /// The end of the validity, in seconds since 1970.
    public let notAfter: Int64

    /// Reads the signed bytes of a session certificate.
    ///
    /// `nil` unless they are exactly what this project writes.
    init?(toBeSigned der: [UInt8]) {
        guard
            let issued = IssuedCertificate(toBeSigned: der, commonName: SessionClaim.commonName),
            let first = issued.extensions.first, issued.extensions.count <= 2,
            first.identifier
                == IssuedCertificate.identifierContent(SessionClaim.contentIdentifier),
            first.content.count == SessionClaim.contentByteCount,
            first.content[0] == SessionClaim.format,
            let identity = SHA256Digest(bytes: Array(first.content[1..<33])),
            let chat = SHA256Digest(bytes: Array(first.content[33..<65])),
            (try? P256PublicKey(x963Representation: Array(first.content[69...]))) != nil
        else { return nil }
        if issued.extensions.count == 2 {
            // The identity's own statements, which carry their own signatures.
            guard
                issued.extensions[1].identifier
                    == IssuedCertificate.identifierContent(SessionClaim.statementsIdentifier)
            else { return nil }
        }
        use = issued.use
        self.identity = identity
        self.chat = chat
        version = first.content[65..<69].reduce(0) { $0 << 8 | Int($1) }
        notBefore = issued.notBefore
        notAfter = issued.notAfter
    }
}
