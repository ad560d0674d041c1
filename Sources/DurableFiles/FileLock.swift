internal import Glibc

/// An exclusive lock that the kernel holds for as long as its owner lives, and drops with it.
public struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Waits for the lock at `path`, which is made where it is missing and never removed.
    public init(_ path: String) throws(FileError) {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, DurableFile.privateMode)
        guard file >= 0 else { throw FileError.system("lock", path) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let error = FileError.system("lock", path)
                close(file)
                throw error
            }
        }
        descriptor = file
    }

    /// Takes the lock at `path` if nobody has it; `nil` where somebody does.
    public init?(trying path: String) throws(FileError) {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, DurableFile.privateMode)
        guard file >= 0 else { throw FileError.system("lock", path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
        descriptor = file
    }

    deinit { close(descriptor) }
}
