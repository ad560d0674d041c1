import ChatProtocol
import KeyFormats
import NIOConcurrencyHelpers

/// What the writer is asked to do.
enum EngineEvent: Sendable {
    case login(SessionReference, certificate: [UInt8], WireHello)
    case publish(SessionReference, WirePublish)
    case page(SessionReference, after: UInt64, through: UInt64)
    case history(SessionReference, count: Int)
    case historyPage(SessionReference, after: UInt64, through: UInt64)
    case who(SessionReference)
    case received(SessionReference, seq: UInt64)
    case shutdown(SessionReference)
    case left(SessionReference)
    /// Look at registry and keystore: a timer, or SIGHUP.
    case reload
    /// Forget what nobody is to receive any more.
    case prune
    /// The process was asked to end.
    case stop
}

/// The one ordered way to the writer.
///
/// Each session's share of it is bounded by its window.
final class Mailbox: Sendable {
    private let events = NIOLockedValueBox<[EngineEvent]>([])
    private let signal: AsyncStream<Void>.Continuation
    /// Something arrives; one signal may stand for many events.
    let signals: AsyncStream<Void>

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func post(_ event: EngineEvent) {
        let wasEmpty = events.withLockedValue { events in
            events.append(event)
            return events.count == 1
        }
        if wasEmpty { signal.yield() }
    }

    /// Everything that waits, in order.
    func take() -> [EngineEvent] {
        events.withLockedValue { events in
            defer { events = [] }
            return events
        }
    }
}
