import ChatProtocol
import CryptoCore
import DurableFiles
import Foundation
import KeyFormats
import KeyOperations
import Registry

/// The room's head as the server signed it last, kept apart from the store: a store that was
/// removed, emptied or cut is noticed by it.
///
/// Read once when the server starts; written by the writer about once a second while the room grows.
struct HeadFile {
    private static let context = "securechat head v1\n"
    private static let largestByteCount = 8 << 10

    /// Where it stands: beside the registry, so that it stays when the chat's folder goes.
    let path: String

    /// The position that the file names; `nil` where there is no file.
    ///
    /// Throws `ServerError` where one of `keys` did not sign it for this chat and room.
    func read(chat: SHA256Digest, room: String, keys: [PublicKey]) throws -> LogPosition? {
        guard DurableFile.exists(path) else { return nil }
        let bytes = try DurableFile.read(path, limit: HeadFile.largestByteCount)
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        // The four lines of `text`, the signature, and the end of the last line.
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

    /// Signs a position and puts it in the place of the one before.
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
