public import CryptoCore
internal import KeyFormats
public import KeyOperations
public import Registry

/// The certificate of one session: short-lived, for P-256 keys, issued by the identity's RSA key.
///
/// docs/chat-protocol.md gives the bytes of its extensions.
public struct SessionCertificate: Sendable {
    /// The longest life of a session, in seconds.
    public static let lifetimeSeconds = SessionClaim.lifetimeSeconds
    /// How far clocks may differ, in seconds.
    public static let clockTolerance: Int64 = 300
    /// The largest number of statements in a server's certificate, so that TLS can still send it.
    private static let largestStatementCount = 16

    /// The X.509 certificate.
    public let certificate: X509Certificate
    /// Whether it is a server's or a client's certificate.
    public let use: CertificateUse
    /// The id of the identity that the certificate claims.
    public let identity: SHA256Digest
    /// The id of the chat, which is the id of the server's identity.
    public let chat: SHA256Digest
    /// The version of the identity's key that the certificate claims as its issuer.
    public let version: Int
    /// The key that signs this session's messages and nothing else.
    public let signingKey: P256PublicKey
    /// The newest statements of the identity, which the certificate carries.
    public let statements: [Statement]

    /// The name of the session: SHA-256 of the certificate.
    public var session: SHA256Digest { SHA256Digest(hashing: certificate.derRepresentation) }

    /// Reads a certificate and checks everything that does not need the issuer's key.
    ///
    /// Throws `ChatError` if a check fails.
    public init(der: [UInt8], use: CertificateUse) throws(ChatError) {
        guard let certificate = try? X509Certificate(der: der),
            !certificate.isCertificateAuthority, certificate.hasOnlyUse(use),
            let seconds = certificate.validitySeconds,
            (0...SessionCertificate.lifetimeSeconds + SessionCertificate.clockTolerance)
                .contains(seconds),
            let content = certificate.extensionContent(SessionClaim.contentIdentifier),
            content.count == SessionClaim.contentByteCount,
            content[0] == SessionClaim.format,
            let identity = SHA256Digest(bytes: Array(content[1..<33])),
            let chat = SHA256Digest(bytes: Array(content[33..<65])),
            let signingKey = try? P256PublicKey(x963Representation: Array(content[69...]))
        else { throw ChatError.violation("its certificate is not a session certificate") }
        self.certificate = certificate
        self.use = use
        self.identity = identity
        self.chat = chat
        version = Int(BigEndian.integer(content[65..<69]))
        self.signingKey = signingKey
        let text = certificate.extensionContent(SessionClaim.statementsIdentifier) ?? []
        var statements: [Statement] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard statements.count < SessionCertificate.largestStatementCount,
                let statement = try? Statement(line: Array(line))
            else { throw ChatError.violation("its certificate carries no valid statements") }
            statements.append(statement)
        }
        self.statements = statements
    }

    /// Returns whether `key` issued the certificate, and it is valid at `time` (seconds since
    /// 1970).
    public func isIssued(by key: RSAPublicKey, at time: Int64) -> Bool {
        certificate.isValid(at: time, tolerance: SessionCertificate.clockTolerance)
            && certificate.isSigned(by: key)
    }

    /// Issues a certificate for a new session; `now` is in seconds since 1970.
    static func issue(
        use: CertificateUse,
        identity: SHA256Digest,
        chat: SHA256Digest,
        version: Int,
        tlsKey: P256PrivateKey,
        signingKey: P256PrivateKey,
        statements: [Statement],
        issuer: any SigningKey,
        now: Int64
    ) throws -> X509Certificate {
        var content =
            [SessionClaim.format] + identity.bytes + chat.bytes + BigEndian.bytes(UInt32(version))
        content += signingKey.publicKey.x963Representation
        var extensions = [(identifier: SessionClaim.contentIdentifier, content: content)]
        if !statements.isEmpty {
            let newest = statements.suffix(largestStatementCount)
            extensions.append(
                (
                    SessionClaim.statementsIdentifier,
                    Array(newest.map(\.line).joined(separator: [0x0a]))
                )
            )
        }
        return try X509Certificate.issue(
            CertificateContent(
                commonName: SessionClaim.commonName,
                notBefore: now - 60,
                notAfter: now - 60 + lifetimeSeconds,
                use: use,
                extensions: extensions
            ),
            subject: tlsKey,
            issuer: issuer
        )
    }
}

/// The keys of the user's own session, and their certificate.
public struct SessionKeys: Sendable {
    /// The issued certificate.
    public let certificate: SessionCertificate
    /// The key for TLS.
    public let tlsKey: P256PrivateKey
    /// The key that signs messages.
    public let signingKey: P256PrivateKey

    /// Makes keys and a certificate for a session that starts at `now` (seconds since 1970).
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    public init(
        use: CertificateUse,
        identity: SHA256Digest,
        chat: SHA256Digest,
        version: Int,
        statements: [Statement],
        issuer: any SigningKey,
        now: Int64
    ) throws {
        tlsKey = try P256PrivateKey()
        signingKey = try P256PrivateKey()
        let issued = try SessionCertificate.issue(
            use: use,
            identity: identity,
            chat: chat,
            version: version,
            tlsKey: tlsKey,
            signingKey: signingKey,
            statements: statements,
            issuer: issuer,
            now: now
        )
        certificate = try SessionCertificate(der: issued.derRepresentation, use: use)
    }
}
