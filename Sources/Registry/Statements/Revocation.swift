public import CryptoCore
public import KeyFormats
public import KeyOperations

/// A statement by which a key revokes itself: it must not be trusted any more.
public struct Revocation: Hashable, Sendable {
    static let context = "keyctl revoke statement v1\n"

    /// The id of the identity.
    public let id: SHA256Digest
    /// The number of the revoked version.
    public let version: Int
    /// The fingerprint of the revoked key, which binds the statement to this key.
    public let fingerprint: Fingerprint
    /// The time from which the key is not to be trusted; `nil`: nothing that it ever signed counts.
    ///
    /// A revocation that was made in advance has no time.
    public let since: Timestamp?
    /// The reason, in the owner's words.
    public let reason: String
    /// RSASSA-PSS with SHA-384, by the revoked key.
    public let signature: [UInt8]

    /// Makes the statement that revokes `key`; throws `CryptoError` if `key` cannot sign.
    public static func statement(
        id: SHA256Digest,
        version: Int,
        key: any SigningKey,
        since: Timestamp?,
        reason: String,
        time: Timestamp
    ) throws -> Statement {
        let fingerprint = Fingerprint(of: key.publicKey)
        let unsigned = Revocation(id, version, fingerprint, since, reason, [])
        let signature = try key.sign(.statement(unsigned.signedBytes(time)))
        return Statement(
            .revoke(Revocation(id, version, fingerprint, since, reason, signature)),
            time: time
        )
    }

    private init(
        _ id: SHA256Digest,
        _ version: Int,
        _ fingerprint: Fingerprint,
        _ since: Timestamp?,
        _ reason: String,
        _ signature: [UInt8]
    ) {
        self.id = id
        self.version = version
        self.fingerprint = fingerprint
        self.since = since
        self.reason = reason
        self.signature = signature
    }

    init(_ fields: inout StatementFields) throws(RegistryError) {
        id = try fields.digest("id")
        version = try fields.number("version")
        fingerprint = try fields.fingerprint("fingerprint")
        since = try fields.optionalTimestamp("since")
        reason = try fields.reason("reason")
        signature = try fields.base64("signature")
    }

    /// Returns whether `key` is the revoked key and signed this statement.
    public func isSigned(by key: PublicKey, at time: Timestamp) -> Bool {
        key.fingerprint == fingerprint
            && key.rsa.isValidSignature(signature, over: signedBytes(time))
    }

    private func body(_ time: Timestamp) -> String {
        "revoke time=\(time) id=\(id) version=\(version) fingerprint=\(fingerprint)"
            + " since=\(StatementFields.encode(since))"
            + " reason=\(StatementFields.encode(reason: reason))"
    }

    private func signedBytes(_ time: Timestamp) -> [UInt8] {
        Array((Revocation.context + body(time)).utf8)
    }

    func text(_ time: Timestamp) -> String {
        body(time) + " signature=\(Base64.encode(signature))"
    }
}
