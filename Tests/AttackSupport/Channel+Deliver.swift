internal import NIOCore
internal import Synchronization

extension Channel {
    /// Writes bytes and waits until they have left; returns `false` if that fails or takes too
    /// long.
    func deliver(_ bytes: [UInt8], within limit: Duration) async -> Bool {
        let written = eventLoop.makePromise(of: Void.self)
        let outcome = eventLoop.makePromise(of: Bool.self)
        let decision = Decision(outcome)
        let timeout = eventLoop.scheduleTask(in: TimeAmount(limit)) { decision.make(false) }
        written.futureResult.whenComplete { result in
            timeout.cancel()
            if case .success = result { decision.make(true) } else { decision.make(false) }
        }
        writeAndFlush(ByteBuffer(bytes: bytes), promise: written)
        return (try? await outcome.futureResult.get()) ?? false
    }
}

/// Fulfils a promise once, at the first of several events.
private final class Decision: Sendable {
    private let promise: Mutex<EventLoopPromise<Bool>?>

    init(_ promise: EventLoopPromise<Bool>) { self.promise = Mutex(promise) }

    func make(_ value: Bool) {
        promise.withLock { promise in
            defer { promise = nil }
            return promise
        }?.succeed(value)
    }
}
