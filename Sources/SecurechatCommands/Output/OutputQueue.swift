import NIOConcurrencyHelpers
import NIOPosix

/// Bytes on their way to standard output and standard error, in the order in which they came.
///
/// Any task adds to it; one thread of its own writes, so that no line is written into another and
/// no thread of the concurrency pool waits for a slow reader. It has no bound: a caller that may
/// add much awaits `flush`.
final class OutputQueue: Sendable {
    /// Where bytes go.
    enum Stream: Sendable {
        /// Standard output.
        case result
        /// Standard error.
        case note
    }

    private struct Piece {
        let stream: Stream
        var bytes: [UInt8]
    }

    private let pieces = NIOLockedValueBox<[Piece]>([])
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let write: @Sendable ([UInt8], Stream) -> Void

    /// Writes through `write`, which is called on the queue's thread and writes everything.
    init(write: @escaping @Sendable ([UInt8], Stream) -> Void) {
        self.write = write
        thread.start()
    }

    deinit { thread.shutdownGracefully { _ in } }

    /// Adds bytes, at best whole lines.
    func add(_ bytes: [UInt8], to stream: Stream) {
        let isIdle = pieces.withLockedValue { pieces in
            let isIdle = pieces.isEmpty
            if let last = pieces.indices.last, pieces[last].stream == stream {
                pieces[last].bytes += bytes
            } else {
                pieces.append(Piece(stream: stream, bytes: bytes))
            }
            return isIdle
        }
        if isIdle { thread.submit { [self] _ in writeAll() } }
    }

    /// Returns when everything that was added before is written.
    func flush() async {
        // The thread takes its work in order: this runs after what was added before.
        try? await thread.runIfActive {}
    }

    private func writeAll() {
        let taken = pieces.withLockedValue { pieces in
            defer { pieces = [] }
            return pieces
        }
        for piece in taken { write(piece.bytes, piece.stream) }
    }
}
