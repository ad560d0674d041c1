public import KeyFormats

/// One event that a client shows to the user.
public enum ClientEvent: Sendable {
    /// The login is complete.
    case ready(user: String, server: String, rooms: [String], retention: String)
    /// A message of a member, new or from the history.
    case message(ChatMessage)
    /// The server stored the user's message under this sequence number.
    case acknowledged(SentMessage, seq: UInt64)
    /// A message or a request of the user was refused, and is not sent again.
    ///
    /// `id` is the message's id. `reference` is the name that the calling program gave the input.
    case refused(ChatError, id: [UInt8], reference: String?)
    /// All missed entries were shown, with this many messages; new entries follow.
    case live(missedCount: Int)
    /// This many older messages follow.
    case history(room: String, count: Int)
    /// The members of the room, and those whose key the user has not compared.
    ///
    /// It is shown to a reader that has no stored room view.
    case members(names: [KeyName], unverified: [KeyName])
    /// This many messages are held, because these members could not read the room before.
    case held(count: Int, newcomers: [KeyName])
    /// A member was added or removed, or a member's key or role changed; `time` is in milliseconds
    /// since 1970.
    case notice(text: String, time: Int64)
    /// The members who are connected, and the members who are not.
    case who(online: [String], offline: [String])
    /// The server read its settings again; if that failed, the server keeps its old settings.
    case reloaded(failure: String?)
    /// An error that does not end the session.
    case error(ChatError)
    /// The connection was lost, and the client tries to connect again.
    case reconnecting(reason: String)
    /// The session is over.
    case bye(reason: String)
}
