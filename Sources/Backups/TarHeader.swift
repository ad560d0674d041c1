internal import CryptoCore
internal import DurableFiles
internal import Glibc

/// The tape archive of POSIX (ustar, IEEE Std 1003.1-2017 pax, "ustar Interchange Format"): plain
/// files alone, so that tar reads what is written here.
enum TapeArchive {
    static let blockByteCount = 512
    static let endByteCount = 2 * blockByteCount
    private static let largestNameByteCount = 100

    /// What stands before a file's content.
    struct Header: Equatable {
        var name: String
        var mode: UInt32
        var byteCount: Int

        /// The block; `nil` where the name does not fit.
        var encoded: [UInt8]? {
            let bytes = Array(name.utf8)
            guard (1...largestNameByteCount).contains(bytes.count) else { return nil }
            var block = [UInt8](repeating: 0, count: blockByteCount)
            func put(_ content: [UInt8], _ offset: Int) {
                block.replaceSubrange(offset..<(offset + content.count), with: content)
            }
            func octal(_ value: Int, _ digitCount: Int) -> [UInt8] {
                let digits = String(value, radix: 8)
                return Array(
                    (String(repeating: "0", count: digitCount - digits.count) + digits).utf8
                )
            }
            put(bytes, 0)
            put(octal(Int(mode), 7), 100)
            put(octal(0, 7), 108)
            put(octal(0, 7), 116)
            put(octal(byteCount, 11), 124)
            put(octal(0, 11), 136)
            put(Array("0".utf8), 156)
            put(Array("ustar".utf8), 257)
            put(Array("00".utf8), 263)
            put(Array("        ".utf8), 148)
            put(octal(block.reduce(0) { $0 + Int($1) }, 6) + [0], 148)
            return block
        }

        /// Reads a block that was written here; `nil` for any other.
        init?(_ block: [UInt8]) {
            func text(_ range: Range<Int>) -> String {
                String(decoding: block[range].prefix { $0 != 0 }, as: UTF8.self)
            }
            name = text(0..<100)
            guard let mode = UInt32(text(100..<107), radix: 8),
                let count = Int(text(124..<135), radix: 8)
            else { return nil }
            self.mode = mode
            byteCount = count
            guard encoded == block else { return nil }
        }

        init(name: String, mode: UInt32, byteCount: Int) {
            self.name = name
            self.mode = mode
            self.byteCount = byteCount
        }
    }

    static func paddingByteCount(_ count: Int) -> Int {
        (blockByteCount - count % blockByteCount) % blockByteCount
    }
}

/// Files of a folder as an archive, read one after the other.
final class ArchiveSource: ByteSource {
    private var rest: ArraySlice<(name: String, path: String?, content: [UInt8])>
    private static let growthByteCount = 64 << 10
    private let limit: Int
    private var piece: SecretBytes
    private var position = 0
    private var isEnded = false

    /// The first entry is `head`; then the files, by their names in the archive.
    init(head: (name: String, content: [UInt8]), files: [(name: String, path: String)], limit: Int)
    {
        let first = (name: head.name, path: String?.none, content: head.content)
        rest = ([first] + files.map { ($0.name, $0.path, []) })[...]
        self.limit = limit
        piece = SecretBytes(copying: [UInt8]().borrowedBytes)
    }

    func read(into room: inout MutableRawSpan) throws -> Int {
        while position == piece.count {
            guard !isEnded else { return 0 }
            try advance()
        }
        let count = min(room.byteCount, piece.count - position)
        room.copy(piece.bytes.extracting(position..<(position + count)), to: 0)
        position += count
        return count
    }

    private func advance() throws {
        position = 0
        guard let next = rest.popFirst() else {
            isEnded = true
            piece = SecretBytes(
                copying: [UInt8](repeating: 0, count: TapeArchive.endByteCount).borrowedBytes
            )
            return
        }
        guard let path = next.path else {
            return try hold(next.name, mode: DurableFile.privateMode, next.content.borrowedBytes)
        }
        // The log of uses may grow meanwhile; the room is made for what is there.
        let count = try DurableFile.byteCount(of: path) + ArchiveSource.growthByteCount
        let content = try DurableFile.readSecret(path, limit: min(count, limit))
        try hold(next.name, mode: DurableFile.mode(of: path), content.bytes)
    }

    private func hold(_ name: String, mode: UInt32, _ content: RawSpan) throws {
        let header = TapeArchive.Header(name: name, mode: mode, byteCount: content.byteCount)
        guard let block = header.encoded else { throw BackupError.longName(name) }
        let padding = TapeArchive.paddingByteCount(content.byteCount)
        let count = block.count + content.byteCount + padding
        piece = SecretBytes(count: count) { view in
            view.copy(block.borrowedBytes, to: 0)
            view.copy(content, to: block.count)
        }
    }
}

/// Writes an archive's files into a folder, as they come.
final class ArchiveSink: ByteSink {
    private let folder: String
    private let limit: Int
    private var header: TapeArchive.Header?
    private var block: [UInt8] = []
    private var file: OutputFile?
    private var left = 0
    private var padding = 0
    private(set) var isEnded = false
    /// The names that were written, in their order.
    private(set) var names: [String] = []

    init(folder: String, limit: Int) {
        self.folder = folder
        self.limit = limit
    }

    func write(_ piece: RawSpan) throws {
        var position = 0
        while position < piece.byteCount {
            if left > 0 {
                let count = min(left, piece.byteCount - position)
                try file?.write(piece.extracting(position..<(position + count)))
                position += count
                left -= count
                if left == 0 { try finishFile() }
            } else {
                let wanted = padding > 0 ? padding : TapeArchive.blockByteCount - block.count
                let count = min(wanted, piece.byteCount - position)
                if padding > 0 {
                    padding -= count
                } else {
                    for index in position..<(position + count) {
                        // SAFETY: the index lies within the piece.
                        block.append(unsafe piece.unsafeLoad(fromByteOffset: index, as: UInt8.self))
                    }
                    if block.count == TapeArchive.blockByteCount { try begin() }
                }
                position += count
            }
        }
    }

    private func begin() throws {
        defer { block = [] }
        guard !block.allSatisfy({ $0 == 0 }) else {
            isEnded = true
            return
        }
        guard !isEnded, let header = TapeArchive.Header(block), header.byteCount <= limit,
            ArchiveSink.isSafe(header.name), header.mode & ~0o777 == 0
        else { throw BackupError.damaged }
        let path = "\(folder)/\(header.name)"
        if let slash = path.lastIndex(of: "/") {
            try DurableFile.makeFolder(String(path[..<slash]))
        }
        file = try OutputFile(
            path,
            mode: header.mode & 0o700 | header.mode & 0o044,
            replacing: false,
            mustBePrivate: true
        )
        names.append(header.name)
        left = header.byteCount
        padding = TapeArchive.paddingByteCount(header.byteCount)
        if left == 0 { try finishFile() }
    }

    private func finishFile() throws {
        try file?.commit()
        file = nil
    }

    /// A path that leads nowhere but into the folder.
    static func isSafe(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return !parts.isEmpty
            && parts.allSatisfy { part in
                !part.isEmpty && part != "." && part != ".."
                    && part.utf8.allSatisfy { (0x21..<0x7f).contains($0) }
            }
    }
}
