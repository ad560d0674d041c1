import ChatProtocol
import NIOCore

/// What the writer tells one session.
enum SessionOrder: Sendable {
    /// It is let in: these frames come first, and then the entries after one; `head` is the last
    /// one, and `speaking` are the epochs in use whose announcements it needs.
    case admit(ByteBuffer, after: UInt64, head: UInt64, speaking: [SessionEpoch])
    /// It is not let in, or may not stay: one frame that says why, then the end.
    case refuse(ChatError)
    /// Last words, then the end.
    case dismiss(ByteBuffer)
    /// Frames to write.
    case send(ByteBuffer)
    /// The writer has dealt with so many of its frames.
    case complete(Int)
    /// The one answer that it asked for.
    case answer(ByteBuffer)
    /// Announcements of the first epochs that it asked for, of so many.
    case keysPage(ByteBuffer, epochCount: Int)
    /// A page of entries; it ends at `last`.
    case page(ByteBuffer, last: UInt64)
    /// A page of history; the following one begins after `next`, where there is one.
    case historyPage(ByteBuffer, next: UInt64?, through: UInt64)
}
