import ChatProtocol
import Failures
import Glibc
import NIOPosix

/// Lines from standard input that is no terminal: a pipe or a file.
struct PipedInput: Sendable {
    /// One line, as it was read.
    enum Line: Sendable {
        /// A line of text.
        case text(String)
        /// A line that is refused, with the reason.
        case refused(ChatError)
    }

    /// What became of a line.
    enum Answer: Sendable {
        /// It was dealt with.
        case taken
        /// It was dealt with, and no more is wanted.
        case stop
        /// It was not: the session is over.
        case notTaken
    }

    /// How reading ended.
    enum End: Sendable {
        /// At the end of the input.
        case end
        /// Before: no more was wanted, or the task was cancelled and nothing was there.
        case stopped
        /// Before, though something was there that nobody took.
        case unread
    }

    private static let chunkByteCount = 64 << 10
    private static let pollMilliseconds: Int32 = 100

    /// Calls `body` with each line, until the input or the task ends, or `body` wants no more.
    ///
    /// The next chunk is read when the lines of the last one are dealt with: a script that writes
    /// faster than the server takes waits, and no memory fills.
    func forEachLine(_ body: (Line) async -> Answer) async throws -> End {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        defer { pool.shutdownGracefully { _ in } }
        var lines = LineSplitter()
        while !Task.isCancelled {
            guard let chunk = try await pool.runIfActive({ PipedInput.chunk() }) else { continue }
            lines.receive(chunk)
            while let line = lines.next() {
                switch await body(line) {
                case .taken: continue
                case .stop: return .stopped
                case .notTaken: return .unread
                }
            }
            if chunk.isEmpty { return .end }
        }
        return lines.isEmpty && PipedInput.unreadByteCount == 0 ? .stopped : .unread
    }

    /// What can be read; nothing at the end, `nil` where nothing came in time.
    private static func chunk() -> [UInt8]? {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&descriptor, 1, pollMilliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: chunkByteCount)
        // SAFETY: read writes at most the buffer's count.
        let count = unsafe read(STDIN_FILENO, &buffer, buffer.count)
        // Another program may have made an input that is shared with us non-blocking.
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return nil }
        return Array(buffer.prefix(max(count, 0)))
    }

    private static var unreadByteCount: Int32 {
        var count: Int32 = 0
        // SAFETY: FIONREAD writes one integer.
        return unsafe ioctl(STDIN_FILENO, UInt(FIONREAD), &count) == 0 ? count : 0
    }
}

extension ChatError {
    static func notUTF8(line number: Int) -> ChatError {
        ChatError(
            .invalidMessage,
            "line \(number) of standard input is not UTF-8 and was not sent",
            hint: "convert the input first: iconv -f LATIN1 -t UTF-8"
        )
    }

    static func longLine(_ number: Int) -> ChatError {
        ChatError(
            .tooLong,
            "line \(number) of standard input is longer than a message may be and was not sent",
            hint: "send it in parts"
        )
    }
}
