import ChatProtocol
import CryptoCore
import DurableFiles
import Foundation
import KeyFormats
import KeyOperations
import Registry

/// The newest signed head of the room, in a file apart from the store.
///
/// It shows if the store was removed, emptied or cut.
///
/// The server reads it once at its start. The engine writes it about once a second while the room
/// grows. docs/chat-protocol.md gives the bytes.
struct HeadFile {
    private static let context = SignedText.roomHead
    private static let largestByteCount = 8 << 10

    /// The path: beside the registry, so that the file stays if the chat's folder is removed.
    let path: String

    /// Returns the position in the file; `nil` if there is no file.
    ///
    /// Throws `ServerError` unless one of `keys` signed it for this chat and room.
    func read(chat: SHA256Digest, room: String, keys: [PublicKey]) throws -> LogPosition? {
        guard DurableFile.exists(path) else { return nil }
        let bytes = try DurableFile.read(path, limit: HeadFile.largestByteCount)
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        // The four lines of `text`, the signature, and the empty rest after the last line feed.
        guard lines.count == 7, let seq = UInt64(lines[3]),
            let hash = SHA256Digest(hexadecimal: lines[4]),
            let signature = Base64.decode(lines[5])
        else { throw ServerError.damagedHead(path) }
        let position = LogPosition(seq: seq, hash: hash)
        let text = Array(HeadFile.text(position, chat, room).utf8)
        guard text + Array("\(lines[5])\n".utf8) == bytes,
            keys.contains(where: { $0.rsa.isValidSignature(signature, over: text) })
        else { throw ServerError.damagedHead(path) }
        return position
    }

    /// Signs a position and replaces the file; throws `FileError` if writing fails.
    func write(
        _ position: LogPosition,
        chat: SHA256Digest,
        room: String,
        key: any SigningKey
    ) throws {
        let text = HeadFile.text(position, chat, room)
        let signature = try key.sign(.statement(Array(text.utf8)))
        let bytes = Array("\(text)\(Base64.encode(signature))\n".utf8)
        try DurableFile.replace(path, with: bytes.borrowedBytes)
    }

    private static func text(
        _ position: LogPosition,
        _ chat: SHA256Digest,
        _ room: String
    ) -> String {
        "\(context)\(chat)\n\(room)\n\(position.seq)\n\(position.hash)\n"
    }
}
