public import KeyFormats

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
    /// The server read its settings again; with a failure, it keeps its old ones.
    case reloaded(failure: String?)
    /// Something went wrong; the session goes on.
    case error(ChatError)
    /// The connection is gone and is being made again.
    case reconnecting(reason: String)
    /// The session is over.
    case bye(reason: String)
}
