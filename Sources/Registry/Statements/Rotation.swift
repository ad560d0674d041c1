public import CryptoCore
public import KeyFormats
public import KeyOperations

/// A statement by which an identity changes from one version to the next, signed by both keys.
///
/// The old key authorises the step. The new key proves that the identity has its private half.
public struct Rotation: Hashable, Sendable {
    static let context = "keyctl rotate statement v1\n"

    /// The identity: SHA-256 of version 1's SubjectPublicKeyInfo.
    public let id: SHA256Digest
    /// The number of the old version.
    ///
    /// The new version has the next number.
    public let from: Int
    /// The hash of the identity's statement before this one; for the first, the identity's id.
    public let previous: SHA256Digest
    /// The old public key as SubjectPublicKeyInfo (DER).
    public let oldKey: [UInt8]
    /// The new public key as SubjectPublicKeyInfo (DER).
    public let newKey: [UInt8]
    /// When the new version expires; `nil`: never.
    public let expires: Timestamp?
    /// RSASSA-PSS with SHA-384, by the old key.
    public let oldSignature: [UInt8]
    /// RSASSA-PSS with SHA-384, by the new key.
    public let newSignature: [UInt8]

    /// The number of the new version.
    public var to: Int { from + 1 }

    /// Makes the statement that rotates an identity from `old` to `new`.
    ///
    /// Throws `CryptoError` if one of the keys cannot sign.
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

    /// Returns whether both keys signed this statement, and the new key is strong.
    public func isSigned(at time: Timestamp) -> Bool {
        guard oldKey != newKey, let old = try? PublicKey(spkiDER: oldKey, allowingWeak: true),
            let new = try? PublicKey(spkiDER: newKey)
        else { return false }
        let message = signedBytes(time)
        return old.rsa.isValidSignature(oldSignature, over: message)
            && new.rsa.isValidSignature(newSignature, over: message)
    }

    /// Returns whether the new key signed this statement.
    ///
    /// The old key is not used: its size may have been chosen to cost time.
    public func isSignedByNewKey(at time: Timestamp) -> Bool {
        guard let new = try? PublicKey(spkiDER: newKey, allowingWeak: true) else { return false }
        return new.rsa.isValidSignature(newSignature, over: signedBytes(time))
    }

    /// Returns whether the old key signed this statement.
    ///
    /// The new key is not used: its size may have been chosen to cost time.
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
