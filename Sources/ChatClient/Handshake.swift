/// Waits for the end of one TLS handshake.
///
/// `HandshakeHandler` calls `finish` on the event loop; the task that connects calls `wait`.
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
