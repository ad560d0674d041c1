internal import CryptoCore
internal import Glibc

/// A text file to which lines are only appended.
///
/// The holder of the home's lock writes it.
public struct AppendFile: Sendable {
    /// The path of the file.
    public let path: String
    /// The largest file that is read, in bytes.
    public static let largestByteCount = 1 << 30

    /// Names a file.
    ///
    /// It reads and makes nothing.
    public init(path: String) { self.path = path }

    /// Returns the size in bytes, a torn tail included; 0 if there is no file.
    ///
    /// Throws `FileError` if this user may not look at it.
    public func byteCount() throws(FileError) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw FileError.system("look at", path) }
            return 0
        }
        return Int(status.st_size)
    }

    /// Returns the complete lines from `offset` on, and their size in bytes.
    ///
    /// Bytes after the last line feed are a line that a crash tore; they are left out. Throws
    /// `FileError` if the file cannot be read or is too large.
    public func lines(from offset: Int = 0) throws(FileError) -> (lines: [[UInt8]], count: Int) {
        guard DurableFile.exists(path) else { return ([], 0) }
        let content = try DurableFile.read(
            path,
            from: offset,
            limit: AppendFile.largestByteCount
        )
        guard let end = content.lastIndex(of: UInt8(ascii: "\n")) else { return ([], 0) }
        let lines = content[..<end].split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        )
        return (lines.map(Array.init), end + 1)
    }

    /// Returns the bytes of a range; throws `FileError` if the file is shorter or cannot be read.
    public func bytes(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.system("read", path) }
        defer { close(file) }
        var content = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < range.count {
            // SAFETY: pread writes at most as many bytes as are left in the buffer.
            let got = unsafe content.withUnsafeMutableBytes {
                unsafe pread(
                    file,
                    $0.baseAddress.map { unsafe $0 + filled },
                    range.count - filled,
                    off_t(range.lowerBound + filled)
                )
            }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { throw FileError.system("read", path) }
            filled += got
        }
        return content
    }

    /// Cuts off everything after `offset`, appends lines durably, and returns the new end.
    ///
    /// Throws `FileError` if writing fails; then the file is as it was up to `offset`.
    public func append(_ lines: [[UInt8]], at offset: Int) throws(FileError) -> Int {
        let file = unsafe open(
            path,
            O_WRONLY | O_CREAT | O_CLOEXEC,
            DurableFile.privateMode
        )
        guard file >= 0 else { throw FileError.system("write", path) }
        defer { close(file) }
        guard ftruncate(file, off_t(offset)) == 0, lseek(file, off_t(offset), SEEK_SET) >= 0 else {
            throw FileError.system("write", path)
        }
        let content = lines.flatMap { $0 + [UInt8(ascii: "\n")] }
        do throws(FileError) {
            try DurableFile.write(content.borrowedBytes, to: file, name: path)
            guard fsync(file) == 0 else { throw FileError.system("write", path) }
        } catch {
            _ = ftruncate(file, off_t(offset))  // after a full disk, the old file stays
            throw error
        }
        if offset == 0 { try DurableFile.synchronizeFolder(of: path) }
        return offset + content.count
    }
}
