internal import CryptoCore
public import DurableFiles

/// Writes the files of a tar archive into a folder while the archive is read.
public final class TarSink: ByteSink {
    private let folder: String
    private let limit: Int
    private let takes: (String) throws -> Bool
    private var block: [UInt8] = []
    private var file: OutputFile?
    private var left = 0
    private var padding = 0
    /// Whether the end of the archive was read.
    public private(set) var isEnded = false
    /// The names that were written, in their order.
    public private(set) var names: [String] = []

    /// Writes below `folder`; `limit` is the size of the largest file, in bytes.
    ///
    /// `takes` returns `false` for a name that is left out, and throws for one that refuses the
    /// whole archive.
    public init(
        folder: String,
        limit: Int,
        takes: @escaping (String) throws -> Bool = { _ in true }
    ) {
        self.folder = folder
        self.limit = limit
        self.takes = takes
    }

    /// Takes the next bytes of the archive.
    ///
    /// Throws `BackupError` if they are not of an archive that `TarSource` wrote.
    public func write(_ piece: RawSpan) throws {
        var position = 0
        while position < piece.byteCount {
            if left > 0 {
                let count = min(left, piece.byteCount - position)
                try file?.write(piece.extracting(position..<(position + count)))
                position += count
                left -= count
                if left == 0 { try finishFile() }
            } else {
                let wanted = padding > 0 ? padding : TarHeader.blockByteCount - block.count
                let count = min(wanted, piece.byteCount - position)
                if padding > 0 {
                    padding -= count
                } else {
                    for index in position..<(position + count) {
                        block.append(piece.byte(at: index))
                    }
                    if block.count == TarHeader.blockByteCount { try begin() }
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
        guard !isEnded, let header = TarHeader(block), header.byteCount <= limit,
            TarSink.isSafe(header.name), header.mode & ~0o777 == 0
        else { throw BackupError.damaged }
        left = header.byteCount
        padding = TarHeader.paddingByteCount(header.byteCount)
        guard try takes(header.name) else { return }
        let path = "\(folder)/\(header.name)"
        if let slash = path.lastIndex(of: "/") {
            try DurableFile.makeFolder(String(path[..<slash]))
        }
        file = try OutputFile(
            path,
            // Nothing in a home that comes from an archive is a program.
            mode: header.mode & 0o600 | header.mode & 0o044,
            replacing: false,
            mustBePrivate: true
        )
        names.append(header.name)
        if left == 0 { try finishFile() }
    }

    private func finishFile() throws {
        try file?.commit()
        file = nil
    }

    /// Returns the path of a file; throws if it would lead out of the folder.
    static func isSafe(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return !parts.isEmpty
            && parts.allSatisfy { part in
                !part.isEmpty && part != "." && part != ".."
                    && part.utf8.allSatisfy { (0x21..<0x7f).contains($0) }
            }
    }
}
