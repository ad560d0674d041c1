import ChatProtocol

/// An event for the engine.
enum EngineEvent: Sendable {
    /// A session publishes a message or an announcement.
    case publish(any SessionPort, WirePublish)
    /// A session has received everything up to an entry.
    case received(any SessionPort, seq: UInt64)
    /// A session asks for something; it is answered after a commit.
    case ask(any SessionPort, SessionRequest)
    /// A timer or SIGHUP: examine the registry and the keystore, and try again what failed.
    case reload
    /// New settings, after SIGHUP or for an admin.
    case configure(ServerConfiguration, isAnswer: Bool)
    /// The settings could not be read again, for this reason.
    case keepSettings(String)
    /// Delete the bodies that no member has yet to receive.
    case prune
}
