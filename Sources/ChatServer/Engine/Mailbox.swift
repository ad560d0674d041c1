import ChatProtocol
import NIOConcurrencyHelpers

/// The ordered queue of events for the engine; any thread may post to it.
///
/// The window of each session bounds its share of the queue. A request to stop does not wait in the
/// queue.
final class Mailbox: Sendable {
    private struct State {
        var events: [EngineEvent] = []
        var isStopping = false
    }

    private let state = NIOLockedValueBox(State())
    private let signal: AsyncStream<Void>.Continuation
    /// A signal after events were posted; one signal may stand for many events.
    let signals: AsyncStream<Void>

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func post(_ event: EngineEvent) {
        let wasEmpty = state.withLockedValue { state in
            state.events.append(event)
            return state.events.count == 1
        }
        if wasEmpty { signal.yield() }
    }

    /// Asks the engine to stop before it takes another event.
    func stop() {
        state.withLockedValue { $0.isStopping = true }
        signal.yield()
    }

    var isStopping: Bool { state.withLockedValue { $0.isStopping } }

    /// Returns the next events, at most one batch; empty if none waits.
    func take() -> ArraySlice<EngineEvent> {
        state.withLockedValue { state in
            let batch = state.events.prefix(ServerLimits.eventBatchCount)
            state.events.removeFirst(batch.count)
            // The remaining events need another signal.
            if !state.events.isEmpty { signal.yield() }
            return batch
        }
    }
}
