import ChatProtocol
import CryptoCore
import DurableFiles
import Glibc
import KeyFormats
import Keystore
import Registry

/// What a client keeps of one chat: the server's registry as it was shown, and how far the log
/// was read.
struct ClientFolder {
    private static let cursorByteCount = 86
    let registryPath: String
    private let cursorPath: String
    private var cursor: Int32 = -1

    init(home: Home, chat: SHA256Digest, user: KeyName) throws {
        let folder = "\(home.chatPath)/\(chat)"
        try DurableFile.makeFolder(folder)
        registryPath = folder + "/registry"
        cursorPath = "\(folder)/\(user).cursor"
    }

    /// Where this user stopped reading; `nil` the first time, or where the file is not whole.
    func position() -> LogPosition? {
        guard let bytes = try? DurableFile.read(cursorPath, limit: ClientFolder.cursorByteCount)
        else { return nil }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard fields.count == 2, let seq = UInt64(fields[0]),
            let hash = SHA256Digest(hexadecimal: fields[1].dropLast())
        else { return nil }
        return LogPosition(seq: seq, hash: hash)
    }

    /// Remembers the position: one write of one length, so that a kill leaves the old or the new.
    mutating func save(_ position: LogPosition) {
        if cursor < 0 {
            cursor = unsafe open(cursorPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        }
        let digits = String(position.seq)
        let padding = String(repeating: "0", count: 20 - digits.utf8.count)
        let line = Array("\(padding)\(digits) \(position.hash)\n".utf8)
        // SAFETY: pwrite reads the line's count.
        _ = unsafe pwrite(cursor, line, line.count, 0)
    }
}
