import ChatProtocol
import NIOCore

/// The members' sessions of one event loop, touched on that loop alone.
final class LoopHub {
    private var sessions: [UInt64: SessionHandler] = [:]
    /// The last entry that was handed to this loop.
    private(set) var headSeq: UInt64 = 0

    /// Adds a session that was let in.
    func add(_ session: SessionHandler, id: UInt64) { sessions[id] = session }
    /// Takes out a session that is over.
    func remove(id: UInt64) { sessions[id] = nil }

    /// A session is let in that was told of the log up to here.
    func reach(_ seq: UInt64) { headSeq = max(headSeq, seq) }

    /// Hands one encoded stretch to every session; each writes it once and flushes once.
    func deliver(_ stretch: ByteBuffer, from first: UInt64, to last: UInt64) {
        headSeq = last
        for session in sessions.values { session.deliver(stretch, from: first) }
    }

    /// Hands lines of the registry to every session, at their place in the room's log.
    func announce(_ frame: ByteBuffer, after seq: UInt64) {
        for session in sessions.values { session.announce(frame, after: seq) }
    }
}
