public import CryptoCore
internal import Glibc

/// Where bytes come from, piece by piece.
public protocol ByteSource: AnyObject {
    /// Reads at least one byte and at most the room there is; 0 means the end.
    func read(into room: inout MutableRawSpan) throws -> Int
}

/// Where bytes go, piece by piece.
public protocol ByteSink: AnyObject {
    /// Takes all of a piece.
    func write(_ piece: RawSpan) throws
}

extension ByteSource {
    /// Fills `buffer` from `start` on, until it is full or the source ends; returns where.
    public func fill(_ buffer: inout SecretBuffer, from start: Int) throws -> Int {
        var end = start
        while end < buffer.count {
            let count = try buffer.withMutableBytes(end..<buffer.count) { try read(into: &$0) }
            guard count > 0 else { break }
            end += count
        }
        return end
    }
}

/// A file, or standard input, read from its start.
public final class InputFile: ByteSource {
    /// What it is called in messages.
    public let name: String
    /// Its length, where it has one.
    public let byteCount: Int?
    /// How much was read.
    public private(set) var readByteCount = 0
    private let descriptor: Int32
    private let device: UInt64
    private let inode: UInt64
    private let changed: timespec
    /// Whether it can be read again from its start.
    public let isRegular: Bool

    /// Opens the file at `path`; without one, standard input.
    public init(_ path: String?) throws(FileError) {
        name = path ?? "standard input"
        descriptor = path.map { unsafe open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
        guard descriptor >= 0 else { throw FileError.system("read", name) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw FileError.system("look at", name)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError.isAFolder(name) }
        isRegular = status.st_mode & S_IFMT == S_IFREG
        byteCount = isRegular ? Int(status.st_size) : nil
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        changed = status.st_mtim
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// Whether a terminal is what is read.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Reads the next bytes.
    public func read(into room: inout MutableRawSpan) throws -> Int {
        // SAFETY: read writes at most the room's count.
        let count = unsafe room.withUnsafeMutableBytes { bytes in
            while true {
                let got = unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                if got < 0 && errno == EINTR { continue }
                return got
            }
        }
        guard count >= 0 else { throw FileError.system("read", name) }
        readByteCount += count
        return count
    }

    /// The first bytes, at most `limit`, as a secret: up to the end of the piece in which the first
    /// line ends.
    public func readSecretStart(limit: Int) throws(FileError) -> SecretBytes {
        try DurableFile.readSecretStart(
            descriptor: descriptor,
            name: name,
            limit: limit,
            stoppingAtLineEnd: true
        )
    }

    /// Starts again from the first byte; only where `isRegular`.
    public func rewind() throws(FileError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError.system("read", name) }
        readByteCount = 0
    }

    /// Throws where somebody replaced or changed the file since it was opened.
    public func requireUnchanged() throws(FileError) {
        var status = stat()
        guard unsafe stat(name, &status) == 0, UInt64(status.st_dev) == device,
            UInt64(status.st_ino) == inode, Int(status.st_size) == byteCount,
            status.st_mtim.tv_sec == changed.tv_sec, status.st_mtim.tv_nsec == changed.tv_nsec
        else { throw FileError.changedMeanwhile(name) }
    }

    /// Throws where `path` is this very file, under whatever name.
    public func requireOther(than path: String) throws(FileError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return }
        guard isRegular, UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else {
            return
        }
        throw FileError.sameFile(path)
    }
}

/// Standard output.
public final class StandardOutput: ByteSink {
    /// Takes nothing: there is one.
    public init() {}

    /// Whether a person would see it.
    public static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes a piece.
    public func write(_ piece: RawSpan) throws {
        try DurableFile.write(piece, to: STDOUT_FILENO, name: "standard output")
    }
}

/// A file that appears under its name whole, or not at all: neither failure nor `kill -9` leaves a
/// part of it behind, where the file system has files without names.
public final class OutputFile: ByteSink {
    private static let chunkByteCount = 1 << 20
    /// What it is called in messages: the path as it was named.
    public let name: String
    private let path: String
    private let mode: UInt32
    private let replaces: Bool
    private let mustBePrivate: Bool
    private let descriptor: Int32
    // A device or pipe is written as it is: it is not a file that could be replaced.
    private let isDevice: Bool
    // Where the file stands until it is whole; `nil` for one without a name.
    private var temporary: String?

    /// Prepares a file; throws where one stands at `path` already, unless it is to be replaced.
    ///
    /// `mustBePrivate`: `commit()` throws, and writes nothing, where others could read a file whose
    /// `mode` is private.
    public init(
        _ path: String,
        mode: UInt32,
        replacing: Bool,
        mustBePrivate: Bool = false
    ) throws(FileError) {
        name = path
        self.mustBePrivate = mustBePrivate
        var status = stat()
        let isThere = unsafe stat(path, &status) == 0
        // A link that leads nowhere: nothing can be written through it, and it is not ours to replace.
        var link = stat()
        let isTaken = unsafe lstat(path, &link) == 0
        guard isThere || !isTaken else { throw FileError.danglingLink(path) }
        isDevice = isThere && status.st_mode & S_IFMT != S_IFREG
        // A link stays, and what it leads to is replaced.
        self.path = isThere && replacing ? try DurableFile.resolved(path) : path
        self.mode = mode
        replaces = replacing
        guard !isDevice else {
            descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError.system("write", path) }
            return
        }
        guard replacing || !isThere else { throw FileError.wouldReplace(path) }
        try DurableFile.requireWritableFolder(of: path)
        let path = self.path
        let folder = DurableFile.folder(of: path)
        let unnamed = unsafe open(folder, O_RDWR | copenTemporary | O_CLOEXEC, mode)
        guard unnamed < 0 else {
            descriptor = unnamed
            return
        }
        let draft = DurableFile.draft(beside: path)
        descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError.system("write", path) }
        temporary = draft
    }

    deinit {
        close(descriptor)
        if let temporary { unsafe unlink(temporary) }
    }

    /// Writes a piece.
    public func write(_ piece: RawSpan) throws {
        try DurableFile.write(piece, to: descriptor, name: path)
    }

    /// What the user has to be warned of after `commit()`: others may read a file that was to be
    /// private.
    ///
    /// Some file systems, such as FAT, keep no permissions.
    public private(set) var warning: FileError?

    /// Makes the file durable and gives it its name.
    public func commit() throws(FileError) {
        guard !isDevice else { return }
        let isExact = try DurableFile.setMode(mode, of: descriptor, name: path)
        let isReadableByOthers = mode & 0o077 == 0 && !isExact
        guard !isReadableByOthers || !mustBePrivate else {
            throw FileError.cannotBePrivate(path)
        }
        warning = isReadableByOthers ? FileError.readableByOthers(name) : nil
        guard fsync(descriptor) == 0 else { throw FileError.system("write", path) }
        if temporary == nil {
            let target = replaces ? DurableFile.draft(beside: path) : path
            let source = "/proc/self/fd/\(descriptor)"
            if unsafe linkat(AT_FDCWD, source, AT_FDCWD, target, AT_SYMLINK_FOLLOW) == 0 {
                guard replaces else { return try DurableFile.synchronizeFolder(of: path) }
                temporary = target
            } else if errno == EEXIST {
                throw FileError.exists(path)
            } else {
                // No links there, or no /proc: what was written must not be lost for that.
                let draft = DurableFile.draft(beside: path)
                try copy(to: draft)
                temporary = draft
            }
        }
        guard let name = temporary else { return }
        if replaces {
            guard unsafe rename(name, path) == 0 else { throw FileError.system("write", path) }
        } else {
            try DurableFile.rename(name, toFree: path)
        }
        temporary = nil
        try DurableFile.synchronizeFolder(of: path)
    }

    private func copy(to name: String) throws(FileError) {
        let copy = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard copy >= 0 else { throw FileError.system("write", path) }
        defer { close(copy) }
        do throws(FileError) {
            var position = off_t(0)
            // It may hold what was decrypted: a buffer that is cleansed.
            var chunk = SecretBuffer(count: OutputFile.chunkByteCount)
            while true {
                let count = chunk.withMutableBytes(0..<OutputFile.chunkByteCount) { room in
                    // SAFETY: pread writes at most the room's count.
                    unsafe room.withUnsafeMutableBytes { bytes in
                        unsafe pread(descriptor, bytes.baseAddress, bytes.count, position)
                    }
                }
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw FileError.system("write", path) }
                guard count > 0 else { break }
                try DurableFile.write(chunk.bytes.extracting(first: count), to: copy, name: path)
                position += off_t(count)
            }
            _ = try DurableFile.setMode(mode, of: copy, name: path)
            guard fsync(copy) == 0 else { throw FileError.system("write", path) }
        } catch {
            unsafe unlink(name)
            throw error
        }
    }
}

/// `O_TMPFILE`, which the compiler does not see: it is made of two other macros.
private let copenTemporary: Int32 = 0o20000000 | O_DIRECTORY
