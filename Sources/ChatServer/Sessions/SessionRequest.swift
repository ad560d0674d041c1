import ChatProtocol

/// A request of a session to the engine, besides publishing; it is answered after a commit.
enum SessionRequest: Sendable {
    /// A login.
    case login(LoginRequest)
    /// Announcements of epochs in use, from entries up to `through`.
    case keysPage([SessionEpoch], through: UInt64)
    /// Entries after `after`, at most up to `through`.
    case page(after: UInt64, through: UInt64)
    /// The last `count` messages; 0 means the number in the settings.
    case history(count: Int)
    /// The next page of the history.
    case historyPage(after: UInt64, through: UInt64)
    /// The list of connected members.
    case who
    /// The shutdown of the server.
    case shutdown
    /// A new read of the settings.
    case reload
    /// The notice that the connection is gone.
    case left
}
