import ChatProtocol
import Failures
import Glibc
import NIOPosix

/// Reads lines from standard input if it is not a terminal: from a pipe or a file.
struct PipedInput: Sendable {
    /// One line of the input.
    enum Line: Sendable {
        /// A line of text.
        case text(String)
        /// A line that cannot be sent, with the reason.
        case refused(ChatError)
    }

    /// The caller's answer to a line.
    enum Answer: Sendable {
        /// The line was processed.
        case taken
        /// The line was processed, and no further line is wanted.
        case stop
        /// The line was not processed, because the session is over.
        case notTaken
    }

    /// The reason why reading ended.
    enum End: Sendable {
        /// The input has ended.
        case end
        /// The caller wanted no further line, or the task was cancelled and no input was left.
        case stopped
        /// The session ended while input was left.
        case unread
    }

    private static let chunkByteCount = 64 << 10
    private static let pollMilliseconds: Int32 = 100

    /// Calls `body` with each line, until the input ends, the task is cancelled, or `body` returns
    /// `stop`.
    ///
    /// The next chunk is read after all lines of the last one were processed. So a script that
    /// writes faster than the server accepts has to wait, and memory stays bounded.
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

    /// Reads the next chunk; returns an empty array at the end, and `nil` if nothing arrived in
    /// time.
    private static func chunk() -> [UInt8]? {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&descriptor, 1, pollMilliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: chunkByteCount)
        // SAFETY: read writes at most the buffer's count.
        let count = unsafe read(STDIN_FILENO, &buffer, buffer.count)
        // Another program that shares this input may have made it non-blocking.
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
