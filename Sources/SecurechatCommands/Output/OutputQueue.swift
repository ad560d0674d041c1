import NIOConcurrencyHelpers
import NIOPosix

/// A queue of bytes for standard output and standard error, which are written in order.
///
/// Any task may add bytes. A separate thread writes them, so that lines do not mix and no thread of
/// the concurrency pool waits for a slow reader. The queue has no bound: a caller that may add much
/// awaits `flush`.
final class OutputQueue: Sendable {
    /// The destination of bytes.
    enum Stream: Sendable {
        /// Standard output.
        case result
        /// Standard error.
        case note
    }

    /// Bytes and their destination.
    private struct Piece {
        let stream: Stream
        var bytes: [UInt8]
    }

    private let pieces = NIOLockedValueBox<[Piece]>([])
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let write: @Sendable ([UInt8], Stream) -> Void

    /// Creates a queue; its thread calls `write`, which must write all bytes.
    init(write: @escaping @Sendable ([UInt8], Stream) -> Void) {
        self.write = write
        thread.start()
    }

    deinit { thread.shutdownGracefully { _ in } }

    /// Adds bytes; they should be whole lines.
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

    /// Returns after all bytes that were added before are written.
    func flush() async {
        // The thread runs its work in order, so this runs after all earlier writes.
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
