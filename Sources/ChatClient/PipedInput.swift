internal import Glibc
internal import NIOPosix

/// Lines from standard input that is no terminal: a pipe or a file.
public struct PipedInput: Sendable {
    private static let chunkByteCount = 64 << 10
    private static let largestLineByteCount = 1 << 20
    private static let pollMilliseconds: Int32 = 100

    /// Reads standard input.
    public init() {}

    /// Calls `body` with each line, until the input or the task ends.
    ///
    /// The next chunk is read when the lines of the last one are dealt with: a script that writes
    /// faster than the server takes waits, and no memory fills.
    public func forEachLine(_ body: (String) async -> Void) async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        defer { pool.shutdownGracefully { _ in } }
        var rest: [UInt8] = []
        var isSkipping = false
        while !Task.isCancelled {
            guard let chunk = try await pool.runIfActive({ PipedInput.chunk() }) else { continue }
            guard !chunk.isEmpty else { break }
            rest += chunk
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                if !isSkipping { await body(PipedInput.line(rest[start..<end])) }
                isSkipping = false
                start = end + 1
            }
            rest.removeFirst(start)
            // A line without an end is handed on once, which the chat refuses as too long; what
            // follows it on the same line is left out.
            if rest.count > PipedInput.largestLineByteCount {
                if !isSkipping { await body(PipedInput.line(rest[...])) }
                isSkipping = true
                rest = []
            }
        }
        if !rest.isEmpty, !isSkipping, !Task.isCancelled { await body(PipedInput.line(rest[...])) }
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> String {
        let trimmed = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        return String(decoding: trimmed, as: UTF8.self)
    }

    /// What can be read; nothing at the end, `nil` where nothing came in time.
    private static func chunk() -> [UInt8]? {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&descriptor, 1, pollMilliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: chunkByteCount)
        // SAFETY: read writes at most the buffer's count.
        let count = unsafe read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0 && errno == EINTR { return nil }
        return Array(buffer.prefix(max(count, 0)))
    }
}
