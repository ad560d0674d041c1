import ChatProtocol

/// What the writer is asked to do.
enum EngineEvent: Sendable {
    /// A session publishes a message or an announcement.
    case publish(any SessionPort, WirePublish)
    /// A session has received everything up to an entry.
    case received(any SessionPort, seq: UInt64)
    /// A session asks for something, and is answered from a committed log.
    case ask(any SessionPort, SessionRequest)
    /// Look at registry and keystore, and try again what failed: a timer, or SIGHUP.
    case reload
    /// New settings, after SIGHUP.
    case configure(ServerConfiguration, isAnswer: Bool)
    /// The settings could not be read again, for this reason.
    case keepSettings(String)
    /// Forget what nobody is to receive any more.
    case prune
}
