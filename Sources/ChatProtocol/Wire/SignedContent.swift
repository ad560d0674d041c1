internal import CryptoCore
internal import FoundationEssentials
internal import SwiftProtobuf

/// The context strings that are signed together with a body.
///
/// They keep a signature over one kind of body from being valid for another kind
/// (docs/signatures.md).
enum SigningContext: String {
    case message = "securechat message v1\n"
    case keys = "securechat keys v1\n"

    private func covered(_ content: Data) -> [UInt8] { Array(rawValue.utf8) + Array(content) }

    /// Returns a signed body: the content's bytes, and the session's signature over exactly these
    /// bytes.
    ///
    /// Throws `CryptoError` if OpenSSL fails.
    func sign(
        _ content: some Message,
        keys: SessionKeys
    ) throws -> Data {
        let bytes: Data = try content.serializedBytes()
        let signed = try WireSigned.with {
            $0.session = keys.certificate.session.data
            $0.content = bytes
            $0.signature = Data(try keys.signingKey.signature(over: covered(bytes)))
        }
        return try signed.serializedBytes()
    }

    /// Returns whether `key` made the signature.
    ///
    /// Call it before parsing the content.
    func isValid(_ signed: WireSigned, by key: P256PublicKey) -> Bool {
        key.isValidSignature(Array(signed.signature), over: covered(signed.content))
    }
}

extension WireMessageContent {
    /// The associated data of the ciphertext: the header fields of the message.
    var associatedData: [UInt8] {
        Array(chat) + Array(session) + BigEndian.bytes(epoch) + BigEndian.bytes(index)
            + Array(id) + Array(room.utf8)
    }
}

extension WireKeyContent {
    /// Returns the label of a wrap.
    ///
    /// It is bound to one chat, room, session, epoch, index and recipient.
    func wrapLabel(identity: Data, version: UInt32) -> [UInt8] {
        Array("securechat wrap v1\n".utf8) + Array(chat) + Array(session)
            + BigEndian.bytes(epoch) + BigEndian.bytes(firstIndex) + Array(identity)
            + BigEndian.bytes(version) + Array(room.utf8)
    }
}
