internal import CLinux
public import CryptoCore
internal import Glibc

/// Reading and writing files so that a crash at any instruction leaves the old or the new content.
public enum DurableFile {
    /// The mode of private files.
    public static let privateMode: UInt32 = 0o600
    /// The mode of files that are handed out.
    public static let publicMode: UInt32 = 0o644

    /// Returns whether `path` exists and can be seen.
    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Returns whether `path` exists; throws `FileError` if this user may not look.
    public static func isThere(_ path: String) throws(FileError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) != 0 else { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw FileError.system("look at", path) }
        return false
    }

    /// Returns whether this user may write `path`; `false` on a read-only file system.
    public static func isWritable(_ path: String) -> Bool {
        unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0
    }

    /// Makes a private folder and its missing parents.
    ///
    /// Throws `FileError` if a file has the name, or if a folder cannot be made.
    public static func makeFolder(_ path: String) throws(FileError) {
        guard !exists(path) else {
            var status = stat()
            guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw FileError.notAFolder(path)
            }
            return
        }
        if let parent = parent(of: path), !exists(parent) { try makeFolder(parent) }
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw FileError.system("make the folder", path)
        }
        try synchronizeFolder(of: path)
    }

    /// Makes a folder that other users can read, if it is missing; throws `FileError` if that
    /// fails.
    public static func makePublicFolder(_ path: String) throws(FileError) {
        guard !exists(path) else { return }
        try makeFolder(path)
        guard unsafe chmod(path, 0o755) == 0 else { throw FileError.system("write", path) }
    }

    /// Returns the names in a folder, sorted.
    ///
    /// Names that begin with a dot are left out unless `withHidden`.
    ///
    /// Throws `FileError` if the folder cannot be read.
    public static func names(
        in folder: String,
        withHidden: Bool = false
    ) throws(FileError) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw FileError.system("read", folder) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // SAFETY: the name is terminated, and copied before the next call.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if withHidden ? name != "." && name != ".." : !name.hasPrefix(".") {
                names.append(name)
            }
        }
        return names.sorted()
    }

    /// Returns the path of a file without links; throws `FileError` if there is no file.
    public static func resolved(_ path: String) throws(FileError) -> String {
        guard let real = unsafe realpath(path, nil) else { throw FileError.system("read", path) }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// Returns the length of a file, in bytes; throws `FileError` if there is no file.
    public static func byteCount(of path: String) throws(FileError) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError.system("look at", path) }
        return Int(status.st_size)
    }

    /// Returns the permission bits of a file; throws `FileError` if there is no file.
    public static func mode(of path: String) throws(FileError) -> UInt32 {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError.system("look at", path) }
        return status.st_mode & 0o777
    }

    /// Returns every regular file below a folder, sorted, and the paths that could not be read.
    ///
    /// Links are counted, not followed. Throws `FileError` if the folder itself cannot be read.
    public static func files(
        below folder: String
    ) throws(FileError) -> (files: [String], failures: [FileError], linkCount: Int) {
        var linkCount = 0
        var found: [String] = []
        var failures: [FileError] = []
        for name in try names(in: folder, withHidden: true) {
            let path = "\(folder)/\(name)"
            do throws(FileError) {
                var status = stat()
                // In a name that is not UTF-8, bytes were replaced, so it names no file.
                guard unsafe lstat(path, &status) == 0 else {
                    throw FileError.system("look at", path)
                }
                switch status.st_mode & S_IFMT {
                case S_IFDIR:
                    let below = try files(below: path)
                    found += below.files
                    failures += below.failures
                    linkCount += below.linkCount
                case S_IFREG: found.append(try resolved(path))
                case S_IFLNK: linkCount += 1
                default: continue
                }
            } catch { failures.append(error) }
        }
        return (found, failures, linkCount)
    }

    /// Throws `FileError` with the system's reason if no new file can be made at `path`.
    public static func requireWritableFolder(of path: String) throws(FileError) {
        let folder = folder(of: path)
        var status = stat()
        if unsafe stat(folder, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            errno = ENOTDIR
            throw FileError.folder(folder)
        }
        // With the effective user id: access(2) uses the real one.
        guard unsafe faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0 else {
            throw FileError.folder(folder)
        }
    }

    /// Throws `FileError` unless the path belongs to this user, and no other user may read or
    /// change it.
    ///
    /// Of a symbolic link, the target counts.
    public static func requirePrivate(_ path: String) throws(FileError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError.system("look at", path) }
        guard status.st_uid == geteuid() else { throw FileError.otherOwner(path) }
        guard status.st_mode & 0o077 == 0 else {
            throw FileError.unsafePermissions(path, mode: status.st_mode)
        }
    }

    /// Reads a file of at most `limit` bytes as a secret.
    ///
    /// Throws `FileError` if it cannot be read or is larger.
    public static func readSecret(_ path: String, limit: Int) throws(FileError) -> SecretBytes {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.system("read", path) }
        defer { close(file) }
        return try readSecret(descriptor: file, name: path, limit: limit)
    }

    /// Reads an open descriptor to its end as a secret.
    ///
    /// Throws `FileError` if reading fails, or if there are more than `limit` bytes.
    public static func readSecret(
        descriptor: Int32,
        name: String,
        limit: Int
    ) throws(FileError) -> SecretBytes {
        let content = try readSecretStart(descriptor: descriptor, name: name, limit: limit + 1)
        guard content.count <= limit else { throw FileError.tooLarge(name, limit: limit) }
        return content
    }

    /// Reads the first bytes of an open descriptor as a secret, at most `limit`.
    ///
    /// With `stoppingAtLineEnd`, it stops after the piece with the first line end. Throws
    /// `FileError` if reading fails.
    public static func readSecretStart(
        descriptor: Int32,
        name: String,
        limit: Int,
        stoppingAtLineEnd: Bool = false
    ) throws(FileError) -> SecretBytes {
        var count = 0
        let buffer = try SecretBytes(count: limit) { view throws(FileError) in
            // SAFETY: read writes at most as many bytes as are left in the buffer.
            count = try unsafe view.withUnsafeMutableBytes { bytes throws(FileError) in
                var filled = 0
                while filled < bytes.count, let start = bytes.baseAddress {
                    let got = unsafe Glibc.read(descriptor, start + filled, bytes.count - filled)
                    if got < 0 && errno == EINTR { continue }
                    guard got >= 0 else { throw FileError.system("read", name) }
                    guard got > 0 else { break }
                    filled += got
                    guard stoppingAtLineEnd else { continue }
                    let piece = unsafe bytes[(filled - got)..<filled]
                    if unsafe piece.contains(UInt8(ascii: "\n")) { break }
                }
                return filled
            }
        }
        return SecretBytes(copying: buffer.bytes.extracting(0..<count))
    }

    /// Reads a file from `offset` on.
    ///
    /// Throws `FileError` if it cannot be read, or if there are more than `limit` bytes.
    public static func read(
        _ path: String,
        from offset: Int = 0,
        limit: Int
    ) throws(FileError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.system("read", path) }
        defer { close(file) }
        guard offset == 0 || lseek(file, off_t(offset), SEEK_SET) >= 0 else {
            throw FileError.system("read", path)
        }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            // SAFETY: read writes at most the chunk's count.
            let got = unsafe Glibc.read(file, &chunk, chunk.count)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileError.system("read", path) }
            guard got > 0 else { return content }
            guard content.count + got <= limit else { throw FileError.tooLarge(path, limit: limit) }
            content += chunk.prefix(got)
        }
    }

    /// Returns the folder of a path.
    public static func folder(of path: String) -> String { parent(of: path) ?? "." }

    static func parent(of path: String) -> String? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
