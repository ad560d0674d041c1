internal import CLinux
public import CryptoCore
internal import Glibc

/// Reading and writing files so that a crash at any instruction leaves the old or the new content.
public enum DurableFile {
    /// The mode of everything private.
    public static let privateMode: UInt32 = 0o600
    /// The mode of what may be handed out.
    public static let publicMode: UInt32 = 0o644

    /// Whether something stands at `path`.
    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether something stands at `path`; throws `FileError` where this user may not look.
    public static func isThere(_ path: String) throws(FileError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) != 0 else { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw FileError.system("look at", path) }
        return false
    }

    /// Whether this user may write what stands at `path`; never on a read-only file system.
    public static func isWritable(_ path: String) -> Bool {
        unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0
    }

    /// Makes a private folder, and the folders above it, where they are missing.
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

    /// Makes a folder that others may look into, where it is missing.
    public static func makePublicFolder(_ path: String) throws(FileError) {
        guard !exists(path) else { return }
        try makeFolder(path)
        guard unsafe chmod(path, 0o755) == 0 else { throw FileError.system("write", path) }
    }

    /// The names in a folder, sorted; those that start with a dot only where they are asked for.
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

    /// The true path of a file, whatever links lead there.
    public static func resolved(_ path: String) throws(FileError) -> String {
        guard let real = unsafe realpath(path, nil) else { throw FileError.system("read", path) }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// A file's length.
    public static func byteCount(of path: String) throws(FileError) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError.system("look at", path) }
        return Int(status.st_size)
    }

    /// A file's permission bits.
    public static func mode(of path: String) throws(FileError) -> UInt32 {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError.system("look at", path) }
        return status.st_mode & 0o777
    }

    /// Every ordinary file in a folder and below it, sorted, and the places that could not be looked
    /// at; links are counted, not followed.
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
                // A name that is not UTF-8 was mended by now, and leads nowhere.
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

    /// Throws `FileError` with the system's reason unless a new file can be made where `path` says.
    public static func requireWritableFolder(of path: String) throws(FileError) {
        let folder = folder(of: path)
        var status = stat()
        if unsafe stat(folder, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            errno = ENOTDIR
            throw FileError.folder(folder)
        }
        // With the effective ids: access(2) asks for the real ones.
        guard unsafe faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0 else {
            throw FileError.folder(folder)
        }
    }

    /// Throws unless the path belongs to this user and nobody else may read or change it; what a
    /// symbolic link leads to counts.
    public static func requirePrivate(_ path: String) throws(FileError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError.system("look at", path) }
        guard status.st_uid == geteuid() else { throw FileError.otherOwner(path) }
        guard status.st_mode & 0o077 == 0 else {
            throw FileError.unsafePermissions(path, mode: status.st_mode)
        }
    }

    /// The content of a file of at most `limit` bytes, as a secret.
    public static func readSecret(_ path: String, limit: Int) throws(FileError) -> SecretBytes {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.system("read", path) }
        defer { close(file) }
        return try readSecret(descriptor: file, name: path, limit: limit)
    }

    /// What an open descriptor gives until its end, at most `limit` bytes, as a secret.
    public static func readSecret(
        descriptor: Int32,
        name: String,
        limit: Int
    ) throws(FileError) -> SecretBytes {
        let content = try readSecretStart(descriptor: descriptor, name: name, limit: limit + 1)
        guard content.count <= limit else { throw FileError.tooLarge(name, limit: limit) }
        return content
    }

    /// The first bytes that an open descriptor gives, at most `limit`, as a secret.
    ///
    /// `stoppingAtLineEnd`: nothing is read after the piece in which the first line ends.
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

    /// The content of a file from `offset` on, at most `limit` bytes.
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

    /// Puts `content` in the place of whatever stands at `path`, whole or not at all.
    public static func replace(
        _ path: String,
        with content: RawSpan,
        mode: UInt32 = privateMode
    ) throws(FileError) {
        let temporary = try writeTemporary(beside: path, content, mode: mode)
        guard unsafe Glibc.rename(temporary, path) == 0 else {
            let error = FileError.system("replace", path)
            unsafe unlink(temporary)
            throw error
        }
        try synchronizeFolder(of: path)
    }

    /// Writes a new file, whole or not at all; throws where one stands there already.
    public static func create(
        _ path: String,
        with content: RawSpan,
        mode: UInt32 = privateMode
    ) throws(FileError) {
        let temporary = try writeTemporary(beside: path, content, mode: mode)
        do throws(FileError) {
            try rename(temporary, toFree: path)
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        try synchronizeFolder(of: path)
    }

    /// Renames a file to a name that must be free; throws `FileError` where something is there.
    ///
    /// Not every file system can do that in one step (NFS, some of FUSE): there, a hard link is
    /// made, which never replaces anything. Where there are no links either, the folder is locked,
    /// so that two of our own processes never take the same name.
    static func rename(_ source: String, toFree path: String) throws(FileError) {
        guard unsafe clinux_rename_to_free(source, path) != 0 else { return }
        guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) else {
            throw FileError.system("write", path)
        }
        guard unsafe link(source, path) != 0 else {
            unsafe unlink(source)
            return
        }
        guard errno != EEXIST else { throw FileError.exists(path) }
        let folder = unsafe open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileError.system("write", path) }
        defer { close(folder) }
        while flock(folder, LOCK_EX) != 0 {
            // Without the lock, two processes could take the same name.
            guard errno == EINTR else { throw FileError.system("lock the folder of", path) }
        }
        var there = stat()
        // A link that leads nowhere takes the name, too.
        guard unsafe lstat(path, &there) != 0 else { throw FileError.exists(path) }
        guard unsafe Glibc.rename(source, path) == 0 else {
            throw FileError.system("write", path)
        }
    }

    /// Renames a folder or file, and makes the new name durable.
    public static func move(_ path: String, to destination: String) throws(FileError) {
        guard unsafe Glibc.rename(path, destination) == 0 else {
            throw FileError.system("rename", path)
        }
        try synchronizeFolder(of: destination)
    }

    /// Copies a private file of at most `limit` bytes to a name beside its own; one that is there
    /// already is left alone.
    public static func copy(_ path: String, to name: String, limit: Int) throws(FileError) {
        guard !exists(name) else { return }
        let content = try readSecret(path, limit: limit)
        try replace(name, with: content.bytes)
    }

    /// Removes a file, or a folder that is empty.
    public static func removeEmpty(_ path: String) throws(FileError) {
        guard unsafe Glibc.remove(path) == 0 else { throw FileError.system("remove", path) }
    }

    /// Removes a folder with all that is in it, as far as that is possible; links are not followed.
    public static func removeTree(_ path: String) {
        for name in (try? names(in: path, withHidden: true)) ?? [] {
            let inner = "\(path)/\(name)"
            if unsafe unlink(inner) != 0 { removeTree(inner) }
        }
        unsafe rmdir(path)
    }

    /// Removes a file; one that is gone already is no error.
    public static func remove(_ path: String) throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw FileError.system("remove", path)
        }
        try synchronizeFolder(of: path)
    }

    /// How the name of a file begins that is being written.
    ///
    /// No key's name, and so no file that is
    /// named after a key, begins with a dot.
    private static let draftPrefix = ".keyctl-draft-"
    private static let draftSeconds = 3_600

    /// A name beside `path` that nobody has, for a file that is not whole yet.
    static func draft(beside path: String) -> String {
        let name = "\(draftPrefix)\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        guard let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }

    /// Whether a file's name is that of one that is being written, or was when a crash came.
    public static func isDraft(_ name: String) -> Bool { name.hasPrefix(draftPrefix) }

    /// Removes what crashes left half written in a folder, an hour ago or longer.
    public static func removeStaleDrafts(in folder: String) throws(FileError) {
        for path in try drafts(in: folder, olderThan: draftSeconds) { unsafe unlink(path) }
    }

    /// The files of this user in a folder that are being written, or were when a crash came:
    /// those that nobody changed for `seconds`.
    public static func drafts(
        in folder: String,
        olderThan seconds: Int
    ) throws(FileError) -> [String] {
        var drafts: [String] = []
        for name in try names(in: folder, withHidden: true) where isDraft(name) {
            var status = stat()
            let path = "\(folder)/\(name)"
            guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                status.st_uid == geteuid(), status.st_mtim.tv_sec <= time(nil) - seconds
            else { continue }
            drafts.append(path)
        }
        return drafts
    }

    private static func writeTemporary(
        beside path: String,
        _ content: RawSpan,
        mode: UInt32
    ) throws(FileError) -> String {
        let temporary = draft(beside: path)
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else {
            throw errno == EROFS || errno == ENOENT || errno == EACCES
                ? FileError.folder(folder(of: path)) : FileError.system("write", path)
        }
        defer { close(file) }
        do throws(FileError) {
            try write(content, to: file, name: path)
            guard try setMode(mode, of: file, name: path) || mode & 0o077 != 0 else {
                throw FileError.cannotBePrivate(path)
            }
            guard fsync(file) == 0 else { throw FileError.system("write", path) }
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        return temporary
    }

    /// Gives an open file its permissions, in which the umask has no say; returns `false` where
    /// others keep more than that, as on a file system without permissions.
    ///
    /// What counts is the mode that the file has afterwards: some file systems (exFAT through FUSE)
    /// report success and change nothing.
    static func setMode(
        _ mode: UInt32,
        of descriptor: Int32,
        name: String
    ) throws(FileError) -> Bool {
        guard fchmod(descriptor, mode) == 0 || [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) else {
            throw FileError.system("write", name)
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw FileError.system("write", name) }
        return status.st_mode & 0o077 & ~mode == 0
    }

    /// Writes all of `content` to an open descriptor.
    public static func write(
        _ content: RawSpan,
        to descriptor: Int32,
        name: String
    ) throws(FileError) {
        // SAFETY: write reads at most as many bytes as are left in the buffer.
        try unsafe content.withUnsafeBytes { bytes throws(FileError) in
            var written = 0
            while written < bytes.count, let start = bytes.baseAddress {
                let count = unsafe Glibc.write(descriptor, start + written, bytes.count - written)
                if count < 0 && errno == EINTR { continue }
                if count < 0 && errno == EAGAIN {
                    waitUntilWritable(descriptor)
                    continue
                }
                guard count > 0 else { throw FileError.system("write", name) }
                written += count
            }
        }
    }

    /// Somebody else may have made an output that is shared with us non-blocking.
    public static func waitUntilWritable(_ descriptor: Int32) {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wanted, 1, -1)
    }

    /// Brings a file's content to the disk, whoever wrote it.
    public static func synchronize(_ path: String) throws(FileError) {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.system("read", path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw FileError.system("write", path) }
    }

    static func synchronizeFolder(of path: String) throws(FileError) {
        let folder = folder(of: path)
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            // A folder that this user may write in and not list: the file is there, and the system
            // makes its name durable a little later.
            guard errno != EACCES else { return }
            throw FileError.system("read", folder)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError.system("write", folder) }
    }

    /// The folder that a path lies in.
    public static func folder(of path: String) -> String { parent(of: path) ?? "." }

    static func parent(of path: String) -> String? {
        guard let slash = path.lastIndex(of: "/") else { return nil }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
