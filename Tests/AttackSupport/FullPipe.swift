internal import Foundation

/// A named pipe that has room for one page and that no process reads.
final class FullPipe: Sendable {
    private static let byteCount: Int32 = 4 << 10
    private static let setSize: Int32 = 1_031  // F_SETPIPE_SZ
    private let descriptor: Int32

    /// Makes the pipe.
    ///
    /// This process keeps it open, so that others can open it for writing.
    init(path: String) throws {
        guard unsafe mkfifo(path, 0o600) == 0 else {
            throw AttackError.missing("a named pipe at \(path)")
        }
        descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0, fcntl(descriptor, FullPipe.setSize, FullPipe.byteCount) >= 0 else {
            throw AttackError.missing("a small pipe at \(path)")
        }
    }

    deinit { close(descriptor) }
}
