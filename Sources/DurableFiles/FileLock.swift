internal import Glibc

/// An exclusive lock (`flock`).
///
/// The kernel holds it while this value lives.
public struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Waits for the lock at `path`.
    ///
    /// The lock file is made if it is missing, and never removed.
    ///
    /// Throws `FileError` if the file cannot be opened.
    public init(_ path: String) throws(FileError) {
        let file = try FileLock.open(path)
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let error = FileError.system("lock", path)
                close(file)
                throw error
            }
        }
        descriptor = file
    }

    /// Takes the lock at `path` if it is free; returns `nil` if another holder has it.
    ///
    /// Throws `FileError` if the file cannot be opened.
    public init?(trying path: String) throws(FileError) {
        let file = try FileLock.open(path)
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
        descriptor = file
    }

    private static func open(_ path: String) throws(FileError) -> Int32 {
        var file = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, DurableFile.privateMode)
        // The kernel also locks read-only files, so commands that only read work on such a file
        // system.
        if file < 0, errno == EROFS { file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC) }
        guard file >= 0 else { throw FileError.system("lock", path) }
        return file
    }

    deinit { close(descriptor) }
}
