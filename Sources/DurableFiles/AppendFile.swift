internal import CryptoCore
internal import Glibc

/// A text file that only grows, a line at a time; the holder of the home's lock writes it.
public struct AppendFile: Sendable {
    /// Where it stands.
    public let path: String
    /// Largest file of this kind that is read.
    public static let largestByteCount = 1 << 30

    /// Names a file; nothing is read or made yet.
    public init(path: String) { self.path = path }

    /// How many bytes it has, a torn tail with them.
    public func byteCount() throws(FileError) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw FileError.system("look at", path) }
            return 0
        }
        return Int(status.st_size)
    }

    /// Its whole lines from `offset` on, and how many bytes they take.
    ///
    /// What follows the last line feed was torn by a crash, and is left out.
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

    /// The bytes of a range; throws `FileError` where the file is shorter.
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

    /// Appends whole lines after `offset`, cutting off a torn tail first, and returns the new end.
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
            _ = ftruncate(file, off_t(offset))  // a full disk leaves the old file
            throw error
        }
        if offset == 0 { try DurableFile.synchronizeFolder(of: path) }
        return offset + content.count
    }
}
