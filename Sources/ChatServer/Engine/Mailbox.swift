import ChatProtocol
import NIOConcurrencyHelpers

/// The one ordered way to the writer.
///
/// Each session's share of it is bounded by its window. The wish to stop does not wait in it.
final class Mailbox: Sendable {
    private struct State {
        var events: [EngineEvent] = []
        var isStopping = false
    }

    private let state = NIOLockedValueBox(State())
    private let signal: AsyncStream<Void>.Continuation
    /// Something arrives; one signal may stand for many events.
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

    /// Asks the writer to stop before it takes another event.
    func stop() {
        state.withLockedValue { $0.isStopping = true }
        signal.yield()
    }

    var isStopping: Bool { state.withLockedValue { $0.isStopping } }

    /// The next events, in order, a batch of them; none where nothing waits.
    func take() -> ArraySlice<EngineEvent> {
        state.withLockedValue { state in
            let batch = state.events.prefix(ServerLimits.eventBatchCount)
            state.events.removeFirst(batch.count)
            // What is left needs a signal of its own.
            if !state.events.isEmpty { signal.yield() }
            return batch
        }
    }
}
