public import CryptoCore
public import KeyFormats
public import KeyOperations

/// A statement by which an identity logs a signature: it existed before this place of the log.
public struct LoggedSignature: Hashable, Sendable {
    static let context = "keyctl sign statement v1\n"

    /// The id of the identity.
    public let id: SHA256Digest
    /// The version that made the signature.
    public let version: Int
    /// SHA-256 of the signature: of the blob inside an SSHSIG's armor, or of a bare signature's
    /// bytes.
    public let digest: SHA256Digest
    /// RSASSA-PSS with SHA-384, by the same version.
    public let signature: [UInt8]

    /// Makes the statement that logs a signature with this digest; throws `CryptoError` if `key`
    /// cannot sign.
    public static func statement(
        id: SHA256Digest,
        version: Int,
        digest: SHA256Digest,
        key: any SigningKey,
        time: Timestamp
    ) throws -> Statement {
        let unsigned = LoggedSignature(id, version, digest, [])
        let signature = try key.sign(.statement(unsigned.signedBytes(time)))
        return Statement(.sign(LoggedSignature(id, version, digest, signature)), time: time)
    }

    private init(
        _ id: SHA256Digest,
        _ version: Int,
        _ digest: SHA256Digest,
        _ signature: [UInt8]
    ) {
        self.id = id
        self.version = version
        self.digest = digest
        self.signature = signature
    }

    init(_ fields: inout StatementFields) throws(RegistryError) {
        id = try fields.digest("id")
        version = try fields.number("version")
        digest = try fields.digest("digest")
        signature = try fields.base64("signature")
    }

    /// Returns whether `key` signed this statement.
    public func isSigned(by key: PublicKey, at time: Timestamp) -> Bool {
        key.rsa.isValidSignature(signature, over: signedBytes(time))
    }

    private func body(_ time: Timestamp) -> String {
        "sign time=\(time) id=\(id) version=\(version) digest=\(digest)"
    }

    private func signedBytes(_ time: Timestamp) -> [UInt8] {
        Array((LoggedSignature.context + body(time)).utf8)
    }

    func text(_ time: Timestamp) -> String {
        body(time) + " signature=\(Base64.encode(signature))"
    }
}
