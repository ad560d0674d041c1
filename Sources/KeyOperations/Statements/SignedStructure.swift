public import CryptoCore

/// A statement (`SignatureRequest.statement`) that the chat's programs need, parsed completely.
///
/// The holder of a key looks at it before it signs. Statements of a registry are left out: they
/// change what others believe about a key for good.
public enum SignedStructure: Sendable, Equatable {
    /// The certificate of a session.
    case session(SessionClaim)
    /// A checkpoint of the registry of this owner.
    case checkpoint(owner: SHA256Digest)
    /// The newest entry of a room of this chat.
    case roomHead(chat: SHA256Digest)

    /// Reads the bytes; `nil` for everything else.
    public init?(_ bytes: [UInt8]) {
        if let claim = SessionClaim(toBeSigned: bytes) {
            self = .session(claim)
        } else if let owner = SignedStructure.checkpointOwner(bytes) {
            self = .checkpoint(owner: owner)
        } else if let chat = SignedStructure.headChat(bytes) {
            self = .roomHead(chat: chat)
        } else {
            return nil
        }
    }

    /// `keyctl/` and the owner, the number of statements, the Merkle root.
    private static func checkpointOwner(_ bytes: [UInt8]) -> SHA256Digest? {
        let prefix = "keyctl/"
        guard let lines = SignedText.lines(bytes, after: SignedText.checkpoint, count: 3),
            lines[0].hasPrefix(prefix), SignedText.number(lines[1]) != nil,
            let root = Base64.decode(lines[2]), root.count == SHA256Digest.byteCount,
            Base64.encode(root) == lines[2]
        else { return nil }
        return digest(lines[0].dropFirst(prefix.count))
    }

    /// The chat, the room's name, the position and its hash.
    private static func headChat(_ bytes: [UInt8]) -> SHA256Digest? {
        guard let lines = SignedText.lines(bytes, after: SignedText.roomHead, count: 4),
            !lines[1].isEmpty, SignedText.number(lines[2]) != nil, digest(lines[3]) != nil
        else { return nil }
        return digest(lines[0])
    }

    private static func digest(_ text: Substring) -> SHA256Digest? {
        guard let digest = SHA256Digest(hexadecimal: text), digest.description == text else {
            return nil
        }
        return digest
    }
}
