internal import ChatProtocol
internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import Glibc
internal import KeyFormats

/// One reader of a chat: the position up to which a person or a program has read, and the room view
/// that it was shown.
///
/// A person's terminal and a person's program are two readers with separate positions. An open
/// reader locks its file, so only one process moves the position. The client's actor owns it.
final class ChatReader {
    private static let heading = "securechat place v1"
    private static let sequenceDigitCount = 20
    private static let checkByteCount = 8
    private static let placeByteCount = 256

    private let folder: String
    private let user: KeyName
    private let name: String
    private let path: String
    private let descriptor: Int32
    /// Returns whether a process has locked the reader's file.
    static func isInUse(_ path: String) -> Bool {
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    /// Whether this process has the lock; `false` if another process had it first.
    let isOwner: Bool
    /// The last entry that the reader was shown; `nil` the first time.
    let place: LogPosition?
    /// The room view that the reader was shown; `nil` the first time.
    let view: RoomView?
    // The lowest position of the other readers, and the time when it was read from their files.
    private var others: UInt64?
    private var othersRead = Timestamp(seconds: 0)
    private static let othersSeconds: Int64 = 60

    /// Opens the reader and tries to lock it; without the lock, nothing is saved.
    ///
    /// Throws `ChatError` if its files are damaged. A damaged file is not treated as a first use.
    init(_ name: String, of user: KeyName, in folder: String) throws {
        self.name = name
        self.user = user
        self.folder = folder
        path = "\(folder)/\(user)+\(name).place"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, DurableFile.privateMode)
        guard descriptor >= 0 else { throw FileError.system("open", path) }
        isOwner = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        // The time of the file shows that the reader is in use. The server keeps the entries that a
        // reader in use has not confirmed.
        _ = futimens(descriptor, nil)
        do {
            place = try ChatReader.place(at: path)
            view = try ChatReader.view(at: "\(folder)/\(user)+\(name).members")
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    // MARK: The position

    private static func line(_ position: LogPosition) -> String {
        let digits = String(position.seq)
        let padding = String(repeating: "0", count: sequenceDigitCount - digits.utf8.count)
        let text = "\(heading) \(padding)\(digits) \(position.hash)"
        let check = SHA256Digest(hashing: Array(text.utf8)).bytes.prefix(checkByteCount)
        return "\(text) \(Hexadecimal.encode(Array(check)))\n"
    }

    private static func place(at path: String) throws -> LogPosition? {
        let bytes = try DurableFile.read(path, limit: placeByteCount)
        guard !bytes.isEmpty else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let fields = text.split(separator: " ")
        guard fields.count == 6, let seq = UInt64(fields[3]),
            let hash = SHA256Digest(hexadecimal: fields[4]),
            line(LogPosition(seq: seq, hash: hash)) == text
        else { throw ChatError.damagedReader(path) }
        return LogPosition(seq: seq, hash: hash)
    }

    /// Stores the position with one write of a fixed length, so that a killed process leaves the
    /// old or the new position.
    func save(_ position: LogPosition) throws {
        guard isOwner else { return }
        let line = Array(ChatReader.line(position).utf8)
        // SAFETY: pwrite reads `line.count` bytes of `line`.
        guard unsafe pwrite(descriptor, line, line.count, 0) == line.count else {
            throw FileError.system("write", path)
        }
    }

    /// Returns the sequence number that every reader of this home has read, if this reader has read
    /// up to `seq`.
    ///
    /// The server may delete entries up to this number. A reader that was not used for
    /// `readerSeconds` does not count.
    func confirmed(_ seq: UInt64, at now: Timestamp) -> UInt64 {
        if now.seconds - othersRead.seconds >= ChatReader.othersSeconds {
            others = furthestOfOthers(at: now)
            othersRead = now
        }
        return min(seq, others ?? seq)
    }

    private func furthestOfOthers(at now: Timestamp) -> UInt64? {
        let prefix = "\(user)+"
        let files = (try? DurableFile.names(in: folder)) ?? []
        return files.filter { file in
            file.hasPrefix(prefix) && file.hasSuffix(".place") && file != "\(prefix)\(name).place"
        }.compactMap { file -> UInt64? in
            let path = "\(folder)/\(file)"
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { return nil }
            let used = Int64(status.st_mtim.tv_sec)
            guard now.seconds - used < ClientLimits.readerSeconds else { return nil }
            // A position that cannot be read counts as 0, so that the server deletes nothing.
            return (try? ChatReader.place(at: path))?.seq ?? 0
        }.min()
    }

    // MARK: The room view

    private static func view(at path: String) throws -> RoomView? {
        guard DurableFile.exists(path) else { return nil }
        let bytes = try DurableFile.read(path, limit: RoomView.largestByteCount)
        guard let view = RoomView(bytes) else { throw ChatError.damagedReader(path) }
        return view
    }

    /// Stores the room view that the reader was shown.
    func save(_ view: RoomView) throws {
        guard isOwner else { return }
        let path = "\(folder)/\(user)+\(name).members"
        try DurableFile.replace(path, with: view.encoded.borrowedBytes)
    }
}

extension ChatError {
    static func damagedReader(_ path: String) -> ChatError {
        ChatError(
            .configuration,
            "\(path) is damaged, so it is not known what you have read",
            hint: "restore it from a backup, or remove it: the server then sends what it believes "
                + "you have not read, and says again who is in the room"
        )
    }
}
