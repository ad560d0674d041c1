import ChatProtocol
import NIOCore

/// An order of the engine to one session.
enum SessionOrder: Sendable {
    /// Admits the session: write these frames, then the entries after `after`.
    ///
    /// `head` is the log's last entry, and `speaking` are the epochs in use whose announcements the
    /// session needs.
    case admit(ByteBuffer, after: UInt64, head: UInt64, speaking: [SessionEpoch])
    /// Refuses or ends the session: send one frame with the reason, then close.
    case refuse(ChatError)
    /// Ends the session: send a last frame, then close.
    case dismiss(ByteBuffer)
    /// Frames to write.
    case send(ByteBuffer)
    /// The engine has processed this number of the session's frames.
    case complete(Int)
    /// The answer to a request that has one answer.
    case answer(ByteBuffer)
    /// Announcements of the first `epochCount` epochs of those that the session asked for.
    case keysPage(ByteBuffer, epochCount: Int)
    /// A page of entries, which ends at `last`.
    case page(ByteBuffer, last: UInt64)
    /// A page of history; the next page begins after `next`, or there is none.
    case historyPage(ByteBuffer, next: UInt64?, through: UInt64)
}
