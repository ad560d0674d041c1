public import KeyFormats
package import Registry

/// What a client has to show.
public enum ClientEvent: Sendable {
    /// Logged in.
    case ready(user: String, server: String, rooms: [String], retention: String)
    /// Somebody said something.
    case message(ChatMessage)
    /// The server has stored what was said here.
    case acknowledged(SentMessage, seq: UInt64)
    /// What was asked for here was refused, and is not sent again; a message has its id, and what
    /// came from a program the name that the program gave it.
    case refused(ChatError, id: [UInt8], reference: String?)
    /// What follows is said now; before it came this many messages that were missed.
    case live(missedCount: Int)
    /// Older messages follow, this many.
    case history(room: String, count: Int)
    /// Who is in the room, and whose key was never compared: told to a reader who is new here.
    case members(names: [KeyName], unverified: [KeyName])
    /// What was typed waits: somebody new would read it.
    case held(count: Int, newcomers: [KeyName])
    /// Something happened to a member's name or key.
    case notice(text: String, time: Int64)
    /// Who is a member, and who is here.
    case who(online: [String], offline: [String])
    /// Something went wrong; the session goes on.
    case error(ChatError)
    /// The connection is gone and is being made again.
    case reconnecting(reason: String)
    /// The session is over.
    case bye(reason: String)
}

/// A message as it is shown.
public struct ChatMessage: Sendable {
    /// The room.
    public let room: String
    /// The sender's name in the registry.
    public let from: KeyName
    /// What was said; it may hold anything, so it is made printable where it is printed.
    public let text: String
    /// Its place in the room's log.
    public let seq: UInt64
    /// When the server stored it, in milliseconds since 1970.
    public let time: Int64
    /// The id that its sender gave it.
    public let id: [UInt8]
    /// Whether it is shown again, as history.
    public let isReplay: Bool
}

/// What a client's machine wants done.
package enum ClientAction {
    /// Send a frame.
    case send(WireFrame)
    /// Show something.
    case show(ClientEvent)
    /// Append lines to the stored copy of the server's registry, where it has this many lines.
    case keepRegistry(after: Int, [Statement], note: [UInt8])
    /// Everything up to here was shown: to be remembered before anything else is shown.
    case reached(LogPosition)
    /// Remember what the user was told of the room.
    case keepView(RoomView)
    /// End: nothing more is to be expected.
    case finish(ChatError?)
}

extension WireFrame {
    /// Tells the server that everything up to an entry was shown.
    package static func received(_ seq: UInt64) -> WireFrame {
        var frame = WireFrame()
        frame.received.seq = seq
        return frame
    }

    /// Asks whether the other side is still there.
    package static var ping: WireFrame {
        var frame = WireFrame()
        frame.ping = WirePing()
        return frame
    }
}
