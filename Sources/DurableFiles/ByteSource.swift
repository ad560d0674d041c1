public import CryptoCore
internal import Glibc

/// A source of bytes that is read piece by piece.
public protocol ByteSource: AnyObject {
    /// Reads at least one byte, and at most as many as fit; returns 0 at the end.
    func read(into room: inout MutableRawSpan) throws -> Int
}

/// A sink for bytes that is written piece by piece.
public protocol ByteSink: AnyObject {
    /// Writes a whole piece.
    func write(_ piece: RawSpan) throws
}

extension ByteSource {
    /// Reads into `buffer` from `start` until it is full or the source ends; returns the end.
    ///
    /// Throws what `read` throws.
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

/// A file or standard input, read from its start.
///
/// It owns the descriptor.
public final class InputFile: ByteSource {
    /// The name for messages.
    public let name: String
    /// The length in bytes; `nil` if it is not a regular file.
    public let byteCount: Int?
    /// The number of bytes that were read.
    public private(set) var readByteCount = 0
    private let descriptor: Int32
    private let device: UInt64
    private let inode: UInt64
    private let changed: timespec
    /// Whether the file is a regular one, which can be read again from its start.
    public let isRegular: Bool

    /// Opens the file at `path`, or standard input if `path` is `nil`.
    ///
    /// Throws `FileError` if the file cannot be opened or is a folder.
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

    /// Whether the source is a terminal.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Reads the next bytes; throws `FileError` if reading fails.
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

    /// Reads the first bytes as a secret, at most `limit`; stops after the piece with the first
    /// line end.
    ///
    /// Throws `FileError` if reading fails.
    public func readSecretStart(limit: Int) throws(FileError) -> SecretBytes {
        try DurableFile.readSecretStart(
            descriptor: descriptor,
            name: name,
            limit: limit,
            stoppingAtLineEnd: true
        )
    }

    /// Goes back to the first byte.
    ///
    /// Only for a regular file. Throws `FileError` if that fails.
    public func rewind() throws(FileError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError.system("read", name) }
        readByteCount = 0
    }

    /// Throws `FileError` if the file was replaced or changed since it was opened.
    public func requireUnchanged() throws(FileError) {
        var status = stat()
        guard unsafe stat(name, &status) == 0, UInt64(status.st_dev) == device,
            UInt64(status.st_ino) == inode, Int(status.st_size) == byteCount,
            status.st_mtim.tv_sec == changed.tv_sec, status.st_mtim.tv_nsec == changed.tv_nsec
        else { throw FileError.changedMeanwhile(name) }
    }

    /// Throws `FileError` if `path` is this very file, under any name.
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
    /// Makes a sink; there is only one standard output.
    public init() {}

    /// Whether standard output is a terminal.
    public static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes a piece; throws `FileError` if writing fails.
    public func write(_ piece: RawSpan) throws {
        try DurableFile.write(piece, to: STDOUT_FILENO, name: "standard output")
    }
}

/// An output file that gets its name only when it is complete.
///
/// Neither a failure nor `kill -9` leaves a part of it, if the file system has files without names.
/// It owns the descriptor and the draft.
public final class OutputFile: ByteSink {
    private static let chunkByteCount = 1 << 20
    /// The path as the user named it, for messages.
    public let name: String
    private let path: String
    private let mode: UInt32
    private let replaces: Bool
    private let mustBePrivate: Bool
    private let descriptor: Int32
    // A device or a pipe is written in place: it is not a file that could be replaced.
    private let isDevice: Bool
    // The draft's path until the file is complete; `nil` if the file has no name.
    private var temporary: String?

    /// Prepares a file.
    ///
    /// If a file is at `path`, it throws `FileError` unless `replacing` is set.
    ///
    /// With `mustBePrivate`, `commit()` throws, and writes nothing, if other users could read a
    /// file whose `mode` is private.
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
        // A link that leads nowhere cannot be written through, and it must not be replaced.
        var link = stat()
        let isTaken = unsafe lstat(path, &link) == 0
        guard isThere || !isTaken else { throw FileError.danglingLink(path) }
        isDevice = isThere && status.st_mode & S_IFMT != S_IFREG
        // A link stays; its target is replaced.
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

    /// Writes a piece; throws `FileError` if writing fails.
    public func write(_ piece: RawSpan) throws {
        try DurableFile.write(piece, to: descriptor, name: path)
    }

    /// What the user has to be warned of after `commit()`: others may read a file that was to be
    /// private.
    ///
    /// Some file systems, such as FAT, keep no permissions.
    public private(set) var warning: FileError?

    /// Makes the file durable and gives it its name.
    ///
    /// Throws `FileError` if writing fails, if the name was taken meanwhile, or if the file cannot
    /// be private.
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
                // The file system has no links, or there is no /proc. The content must not be lost
                // for that.
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
            // The content may have been decrypted, so the buffer is cleansed.
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

/// `O_TMPFILE`.
///
/// The compiler does not import it, because it is made of two other macros.
private let copenTemporary: Int32 = 0o20000000 | O_DIRECTORY
