public import CryptoCore
public import KeyFormats
public import KeyOperations

/// A statement by which an identity changes its version in use: another expiry date, or its end.
public struct Amendment: Hashable, Sendable {
    /// The kind of change.
    public enum Change: Hashable, Sendable {
        /// The version expires at another time, or never.
        case renew(expires: Timestamp?)
        /// The version may sign no more and has no successor. Its old signatures still count.
        case retire
    }

    /// The kind of change.
    public let change: Change
    /// The id of the identity.
    public let id: SHA256Digest
    /// The number of the version in use.
    public let version: Int
    /// The hash of the identity's statement before this one; for the first, the identity's id.
    public let previous: SHA256Digest
    /// RSASSA-PSS with SHA-384, by the version itself.
    public let signature: [UInt8]

    /// Makes the signed statement; throws `CryptoError` if `key` cannot sign.
    public static func statement(
        _ change: Change,
        id: SHA256Digest,
        version: Int,
        previous: SHA256Digest,
        key: any SigningKey,
        time: Timestamp
    ) throws -> Statement {
        let unsigned = Amendment(change, id, version, previous, [])
        let signature = try key.sign(.statement(unsigned.signedBytes(time)))
        return Statement(.amend(Amendment(change, id, version, previous, signature)), time: time)
    }

    private init(
        _ change: Change,
        _ id: SHA256Digest,
        _ version: Int,
        _ previous: SHA256Digest,
        _ signature: [UInt8]
    ) {
        self.change = change
        self.id = id
        self.version = version
        self.previous = previous
        self.signature = signature
    }

    init(_ fields: inout StatementFields) throws(RegistryError) {
        id = try fields.digest("id")
        version = try fields.number("version")
        previous = try fields.digest("previous")
        change =
            fields.kind == "retire"
            ? .retire : .renew(expires: try fields.optionalTimestamp("expires"))
        signature = try fields.base64("signature")
    }

    /// Returns whether `key` signed this statement.
    public func isSigned(by key: PublicKey, at time: Timestamp) -> Bool {
        key.rsa.isValidSignature(signature, over: signedBytes(time))
    }

    private func body(_ time: Timestamp) -> String {
        let place = "time=\(time) id=\(id) version=\(version) previous=\(previous)"
        return switch change {
        case .renew(let expires): "renew \(place) expires=\(StatementFields.encode(expires))"
        case .retire: "retire \(place)"
        }
    }

    private func signedBytes(_ time: Timestamp) -> [UInt8] {
        let context =
            switch change {
            case .renew: "keyctl renew statement v1\n"
            case .retire: "keyctl retire statement v1\n"
            }
        return Array((context + body(time)).utf8)
    }

    func text(_ time: Timestamp) -> String {
        body(time) + " signature=\(Base64.encode(signature))"
    }
}
