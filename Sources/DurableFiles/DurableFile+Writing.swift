internal import CLinux
internal import CryptoCore
internal import Glibc

/// Writing files completely or not at all, and removing files.
extension DurableFile {
    /// Replaces the file at `path` by `content`: a crash leaves the old or the new file.
    ///
    /// Throws `FileError` if writing fails, or if the file cannot have a private mode.
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

    /// Writes a new file, completely or not at all.
    ///
    /// Throws `FileError` if a file is at `path` already, or if writing fails.
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

    /// Renames a file to a free name; throws `FileError` if the name is taken.
    ///
    /// Not every file system can do that in one step (NFS, some FUSE ones). There, a hard link is
    /// made, which never replaces a file. If links do not work either, the folder is locked, so
    /// that two processes of ours never take the same name.
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
        // A link that leads nowhere also takes the name.
        guard unsafe lstat(path, &there) != 0 else { throw FileError.exists(path) }
        guard unsafe Glibc.rename(source, path) == 0 else {
            throw FileError.system("write", path)
        }
    }

    /// Renames a folder or a file, and makes the new name durable; throws `FileError` if that
    /// fails.
    public static func move(_ path: String, to destination: String) throws(FileError) {
        guard unsafe Glibc.rename(path, destination) == 0 else {
            throw FileError.system("rename", path)
        }
        try synchronizeFolder(of: destination)
    }

    /// Copies a private file of at most `limit` bytes to `name`.
    ///
    /// If `name` exists, it is left alone.
    ///
    /// Throws `FileError` if reading or writing fails.
    public static func copy(_ path: String, to name: String, limit: Int) throws(FileError) {
        guard !exists(name) else { return }
        let content = try readSecret(path, limit: limit)
        try replace(name, with: content.bytes)
    }

    /// Removes a file or an empty folder; throws `FileError` if that fails.
    public static func removeEmpty(_ path: String) throws(FileError) {
        guard unsafe Glibc.remove(path) == 0 else { throw FileError.system("remove", path) }
    }

    /// Removes a folder with its content, as far as possible.
    ///
    /// Links are not followed.
    public static func removeTree(_ path: String) {
        for name in (try? names(in: path, withHidden: true)) ?? [] {
            let inner = "\(path)/\(name)"
            if unsafe unlink(inner) != 0 { removeTree(inner) }
        }
        unsafe rmdir(path)
    }

    /// Removes a file; a missing file is no error.
    ///
    /// Throws `FileError` if removing fails.
    public static func remove(_ path: String) throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw FileError.system("remove", path)
        }
        try synchronizeFolder(of: path)
    }

    /// The beginning of a draft's name.
    ///
    /// No key's name begins with a dot, and so no file that is named after a key does.
    private static let draftPrefix = ".keyctl-draft-"
    private static let draftSeconds = 3_600

    /// Returns a new name beside `path` for a file that is not complete yet.
    static func draft(beside path: String) -> String {
        let name = "\(draftPrefix)\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        guard let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }

    /// Returns whether a name is the name of a draft.
    public static func isDraft(_ name: String) -> Bool { name.hasPrefix(draftPrefix) }

    /// Removes the drafts in a folder that are at least an hour old.
    ///
    /// Throws `FileError` if the folder cannot be read.
    public static func removeStaleDrafts(in folder: String) throws(FileError) {
        for path in try drafts(in: folder, olderThan: draftSeconds) { unsafe unlink(path) }
    }

    /// Returns the paths of this user's drafts in a folder that were not changed for `seconds`.
    ///
    /// Throws `FileError` if the folder cannot be read.
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

    /// Sets the permissions of an open file, without the umask.
    ///
    /// Returns `false` if other users keep more permissions, as on a file system without
    /// permissions. The mode afterwards decides: some file systems (exFAT through FUSE) report
    /// success and change nothing.
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

    /// Writes all of `content` to an open descriptor; throws `FileError` if writing fails.
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

    /// Waits until a descriptor takes bytes: another process may have made a shared output
    /// non-blocking.
    public static func waitUntilWritable(_ descriptor: Int32) {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wanted, 1, -1)
    }

    /// Synchronises a file's content to disk, whichever process wrote it; throws `FileError` if it
    /// fails.
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
            // This user may write in the folder, but not list it. The file is there, and the system
            // makes its name durable a little later.
            guard errno != EACCES else { return }
            throw FileError.system("read", folder)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError.system("write", folder) }
    }
}
