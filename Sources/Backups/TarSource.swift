internal import CryptoCore
public import DurableFiles

/// A source that gives files as one tar archive.
public final class TarSource: ByteSource {
    private var rest: ArraySlice<(name: String, path: String?, content: [UInt8])>
    private static let growthByteCount = 64 << 10
    private let limit: Int
    private var piece: SecretBytes
    private var position = 0
    private var isEnded = false

    /// Creates the archive: first the entry `head`, then the files by their names in the archive.
    ///
    /// `limit` is the size of the largest file, in bytes.
    public init(
        head: (name: String, content: [UInt8]),
        files: [(name: String, path: String)],
        limit: Int
    ) {
        let first = (name: head.name, path: String?.none, content: head.content)
        rest = ([first] + files.map { ($0.name, $0.path, []) })[...]
        self.limit = limit
        piece = SecretBytes(copying: [UInt8]().borrowedBytes)
    }

    /// Reads the next bytes; returns 0 at the end.
    ///
    /// Throws `BackupError` if a path is too long, and `FileError` if a file cannot be read.
    public func read(into room: inout MutableRawSpan) throws -> Int {
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
                copying: [UInt8](repeating: 0, count: TarHeader.endByteCount).borrowedBytes
            )
            return
        }
        guard let path = next.path else {
            return try hold(next.name, mode: DurableFile.privateMode, next.content.borrowedBytes)
        }
        // The audit log may grow meanwhile; the archive holds the size at the start.
        let count = try DurableFile.byteCount(of: path) + TarSource.growthByteCount
        let content = try DurableFile.readSecret(path, limit: min(count, limit))
        try hold(next.name, mode: DurableFile.mode(of: path), content.bytes)
    }

    private func hold(_ name: String, mode: UInt32, _ content: RawSpan) throws {
        let header = TarHeader(name: name, mode: mode, byteCount: content.byteCount)
        guard let block = header.encoded else { throw BackupError.longName(name) }
        let padding = TarHeader.paddingByteCount(content.byteCount)
        let count = block.count + content.byteCount + padding
        piece = SecretBytes(count: count) { view in
            view.copy(block.borrowedBytes, to: 0)
            view.copy(content, to: block.count)
        }
    }
}
