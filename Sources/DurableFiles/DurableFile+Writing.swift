internal import CLinux
internal import CryptoCore
internal import Glibc

/// Files that appear whole or not at all, and what is removed.
extension DurableFile {
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
}
