import ChatProtocol
import NIOCore

/// What a session's machine wants done; the handler does it, in order.
enum SessionAction {
    /// Write frames to the channel.
    case send(ByteBuffer)
    /// Hand what was published to the writer.
    case publish(WirePublish)
    /// Tell the writer up to which entry the session has received.
    case receive(seq: UInt64)
    /// Ask the writer for something.
    case ask(SessionRequest)
    /// The writer judges the login from now on.
    case judge
    /// The session is let in: it gets new entries from now on.
    case admit
    /// The login is refused: `refusalIsDue` is to be called at this time.
    case refuse(at: NIODeadline)
    /// Read from the channel, or do not.
    case read(Bool)
    /// The session is over: the writer and the loop forget it.
    case end
    /// Close the connection when what was sent is written.
    case close
    /// Close the connection beneath TLS: the other side is gone, or does not listen.
    case abort
}
