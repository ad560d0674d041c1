public import CryptoCore
public import KeyFormats

/// A version's own word that it must not be trusted any more.
public struct Revocation: Hashable, Sendable {
    static let context = "keyctl revoke statement v1\n"

    /// The identity.
    public let id: SHA256Digest
    /// The version that ends.
    public let version: Int
    /// The fingerprint of its key, so that the statement fits no other.
    public let fingerprint: Fingerprint
    /// Why, in its owner's words.
    public let reason: String
    /// RSASSA-PSS, SHA-384, by the key itself.
    public let signature: [UInt8]

    /// Makes the statement that revokes `key`.
    public static func statement(
        id: SHA256Digest,
        version: Int,
        key: RSAPrivateKey,
        reason: String,
        time: Timestamp
    ) throws(CryptoError) -> Statement {
        let fingerprint = Fingerprint(of: key.publicKey)
        let unsigned = Revocation(id, version, fingerprint, reason, [])
        let signature = try key.signature(over: unsigned.signedBytes(time))
        return Statement(
            .revoke(Revocation(id, version, fingerprint, reason, signature)),
            time: time
        )
    }

    private init(
        _ id: SHA256Digest,
        _ version: Int,
        _ fingerprint: Fingerprint,
        _ reason: String,
        _ signature: [UInt8]
    ) {
        self.id = id
        self.version = version
        self.fingerprint = fingerprint
        self.reason = reason
        self.signature = signature
    }

    init(_ fields: inout StatementFields) throws(RegistryError) {
        id = try fields.digest("id")
        version = try fields.number("version")
        guard let fingerprint = Fingerprint(try fields.next("fingerprint")) else {
            throw RegistryError.invalidStatement("fingerprint cannot be read")
        }
        self.fingerprint = fingerprint
        reason = try fields.reason("reason")
        signature = try fields.base64("signature")
    }

    /// Whether `key` is the one that is revoked, and signed this.
    public func isSigned(by key: PublicKey, at time: Timestamp) -> Bool {
        key.fingerprint == fingerprint
            && key.rsa.isValidSignature(signature, over: signedBytes(time))
    }

    private func body(_ time: Timestamp) -> String {
        "revoke time=\(time) id=\(id) version=\(version) fingerprint=\(fingerprint)"
            + " reason=\(StatementFields.encode(reason: reason))"
    }

    private func signedBytes(_ time: Timestamp) -> [UInt8] {
        Array((Revocation.context + body(time)).utf8)
    }

    func text(_ time: Timestamp) -> String {
        body(time) + " signature=\(Base64.encode(signature))"
    }
}
