internal import ChatProtocol
internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import Glibc
internal import KeyFormats

/// One reader of a chat: how far somebody or some program read it, and what it was told of the room.
///
/// A terminal and a program of one person are two readers: neither takes from the other what it did
/// not see. While a reader is in use its file is locked, so its place only moves forward.
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
    /// Whether a reader of a chat is in use, by its file.
    static func isInUse(_ path: String) -> Bool {
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    /// Whether it is this process that moves the place; another one may have been first.
    let isOwner: Bool
    /// Where the reader stopped; `nil` the first time.
    let place: LogPosition?
    /// What the reader was told of the room; `nil` the first time.
    let view: RoomView?
    // What other readers still need, and when that was looked at.
    private var others: UInt64?
    private var othersRead = Timestamp(seconds: 0)
    private static let othersSeconds: Int64 = 60

    /// Opens the reader, and locks it; where another process did, nothing is saved.
    ///
    /// Throws `ChatError` where its files are damaged: what is lost is not taken for a first visit.
    init(_ name: String, of user: KeyName, in folder: String) throws {
        self.name = name
        self.user = user
        self.folder = folder
        path = "\(folder)/\(user)+\(name).place"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, DurableFile.privateMode)
        guard descriptor >= 0 else { throw FileError.system("open", path) }
        isOwner = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        // A reader that is in use holds back what the server may forget.
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

    // MARK: The place

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

    /// Remembers the place: one write of one length, so that a kill leaves the old or the new.
    func save(_ position: LogPosition) throws {
        guard isOwner else { return }
        let line = Array(ChatReader.line(position).utf8)
        // SAFETY: pwrite reads the line's count.
        guard unsafe pwrite(descriptor, line, line.count, 0) == line.count else {
            throw FileError.system("write", path)
        }
    }

    /// How far every reader of this home has read, when this one stands at a place.
    ///
    /// The server may forget what all of them have. A reader that was away for too long does not
    /// count.
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
            // One that cannot be read keeps everything.
            return (try? ChatReader.place(at: path))?.seq ?? 0
        }.min()
    }

    // MARK: The view

    private static func view(at path: String) throws -> RoomView? {
        guard DurableFile.exists(path) else { return nil }
        let bytes = try DurableFile.read(path, limit: RoomView.largestByteCount)
        guard let view = RoomView(bytes) else { throw ChatError.damagedReader(path) }
        return view
    }

    /// Remembers what the reader was told.
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
