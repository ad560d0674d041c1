public import CryptoCore
public import KeyFormats
public import KeyOperations

/// An identity's step from one version to the next, signed by both keys: the old one authorises,
/// the new one proves that it is held.
public struct Rotation: Hashable, Sendable {
    static let context = "keyctl rotate statement v1\n"

    /// The identity: SHA-256 of version 1's SubjectPublicKeyInfo.
    public let id: SHA256Digest
    /// The version that is left; the next one has the number after it.
    public let from: Int
    /// The hash of the identity's statement before this one; the identity's id for the first.
    public let previous: SHA256Digest
    /// The key that is left, as SubjectPublicKeyInfo.
    public let oldKey: [UInt8]
    /// The key that follows, as SubjectPublicKeyInfo.
    public let newKey: [UInt8]
    /// When the new key expires.
    public let expires: Timestamp?
    /// RSASSA-PSS, SHA-384, by the old key.
    public let oldSignature: [UInt8]
    /// RSASSA-PSS, SHA-384, by the new key.
    public let newSignature: [UInt8]

    /// The version that begins.
    public var to: Int { from + 1 }

    /// Makes the statement that moves an identity from `old` to `new`.
    public static func statement(
        id: SHA256Digest,
        from: Int,
        previous: SHA256Digest,
        old: any SigningKey,
        new: any SigningKey,
        expires: Timestamp?,
        time: Timestamp
    ) throws -> Statement {
        let unsigned = Rotation(
            id: id,
            from: from,
            previous: previous,
            oldKey: try old.publicKey.spkiDERRepresentation(),
            newKey: try new.publicKey.spkiDERRepresentation(),
            expires: expires,
            oldSignature: [],
            newSignature: []
        )
        let message = unsigned.signedBytes(time)
        let signed = Rotation(
            id: id,
            from: from,
            previous: previous,
            oldKey: unsigned.oldKey,
            newKey: unsigned.newKey,
            expires: expires,
            oldSignature: try old.sign(.statement(message)),
            newSignature: try new.sign(.statement(message))
        )
        return Statement(.rotate(signed), time: time)
    }

    private init(
        id: SHA256Digest,
        from: Int,
        previous: SHA256Digest,
        oldKey: [UInt8],
        newKey: [UInt8],
        expires: Timestamp?,
        oldSignature: [UInt8],
        newSignature: [UInt8]
    ) {
        self.id = id
        self.from = from
        self.previous = previous
        self.oldKey = oldKey
        self.newKey = newKey
        self.expires = expires
        self.oldSignature = oldSignature
        self.newSignature = newSignature
    }

    init(_ fields: inout StatementFields) throws(RegistryError) {
        id = try fields.digest("id")
        from = try fields.number("from")
        previous = try fields.digest("previous")
        oldKey = try fields.base64("old")
        newKey = try fields.base64("new")
        expires = try fields.optionalTimestamp("expires")
        oldSignature = try fields.base64("old-signature")
        newSignature = try fields.base64("new-signature")
    }

    /// Whether both keys are strong and both signed it.
    public func isSigned(at time: Timestamp) -> Bool {
        guard oldKey != newKey, let old = try? PublicKey(spkiDER: oldKey, allowingWeak: true),
            let new = try? PublicKey(spkiDER: newKey)
        else { return false }
        let message = signedBytes(time)
        return old.rsa.isValidSignature(oldSignature, over: message)
            && new.rsa.isValidSignature(newSignature, over: message)
    }

    /// Whether the new key signed this; the old one, whose size somebody else chose, is not looked
    /// at.
    public func isSignedByNewKey(at time: Timestamp) -> Bool {
        guard let new = try? PublicKey(spkiDER: newKey, allowingWeak: true) else { return false }
        return new.rsa.isValidSignature(newSignature, over: signedBytes(time))
    }

    /// Whether the old key signed this; the new one, whose size somebody else chose, is not looked
    /// at.
    public func isSignedByOldKey(at time: Timestamp) -> Bool {
        guard let old = try? PublicKey(spkiDER: oldKey, allowingWeak: true) else { return false }
        return old.rsa.isValidSignature(oldSignature, over: signedBytes(time))
    }

    private func body(_ time: Timestamp) -> String {
        "rotate time=\(time) id=\(id) from=\(from) previous=\(previous)"
            + " old=\(Base64.encode(oldKey)) new=\(Base64.encode(newKey))"
            + " expires=\(StatementFields.encode(expires))"
    }

    private func signedBytes(_ time: Timestamp) -> [UInt8] {
        Array((Rotation.context + body(time)).utf8)
    }

    func text(_ time: Timestamp) -> String {
        body(time) + " old-signature=\(Base64.encode(oldSignature))"
            + " new-signature=\(Base64.encode(newSignature))"
    }
}
