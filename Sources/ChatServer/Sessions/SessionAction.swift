import ChatProtocol
import NIOCore

/// An instruction of a `SessionMachine`; the handler carries out the actions in order.
enum SessionAction {
    /// Write frames to the channel.
    case send(ByteBuffer)
    /// Pass a published frame to the engine.
    case publish(WirePublish)
    /// Tell the engine up to which entry the session has received everything.
    case receive(seq: UInt64)
    /// Send a request to the engine.
    case ask(SessionRequest)
    /// Mark that the engine judges the login.
    case judge
    /// The session is admitted; it gets new entries from now on.
    case admit
    /// The login is refused; call `refusalIsDue` at this time.
    case refuse(at: NIODeadline)
    /// Start or stop reading from the channel.
    case read(Bool)
    /// The session has ended; the engine and the hub remove it.
    case end
    /// Close the connection after all frames were written.
    case close
    /// Close the connection below TLS, because the other side is gone or does not read.
    case abort
}
