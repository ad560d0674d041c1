import ChatProtocol
import NIOCore

/// The admitted sessions of one event loop; it is used only on that loop.
final class LoopHub {
    private var sessions: [UInt64: SessionHandler] = [:]
    /// The last entry that was delivered to this loop.
    private(set) var headSeq: UInt64 = 0

    /// Adds an admitted session.
    func add(_ session: SessionHandler, id: UInt64) { sessions[id] = session }
    /// Removes a session that has ended.
    func remove(id: UInt64) { sessions[id] = nil }

    /// Raises `headSeq` to the log's head that a new session was told.
    func reach(_ seq: UInt64) { headSeq = max(headSeq, seq) }

    /// Gives one encoded stretch to every session; each writes it and flushes once.
    func deliver(_ stretch: ByteBuffer, from first: UInt64, to last: UInt64) {
        headSeq = last
        for session in sessions.values { session.deliver(stretch, from: first) }
    }

    /// Gives lines of the registry to every session, to be sent after the entry `seq`.
    func announce(_ frame: ByteBuffer, after seq: UInt64) {
        for session in sessions.values { session.announce(frame, after: seq) }
    }
}
