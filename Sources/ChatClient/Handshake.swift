/// Waits for the end of one handshake.
final class Handshake: Sendable {
    private let stream: AsyncStream<Bool>
    private let continuation: AsyncStream<Bool>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func finish(_ completed: Bool) {
        continuation.yield(completed)
        continuation.finish()
    }

    func wait() async -> Bool {
        for await completed in stream { return completed }
        return false
    }
}
