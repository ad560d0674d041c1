import ChatProtocol

/// What a session asks the writer for, besides publishing: it is answered from a committed log.
enum SessionRequest: Sendable {
    /// To be let in.
    case login(LoginRequest)
    /// Announcements of epochs in use, from up to an entry.
    case keysPage([SessionEpoch], through: UInt64)
    /// Entries after one, and no further than another.
    case page(after: UInt64, through: UInt64)
    /// The last messages, this many; 0: as many as the settings say.
    case history(count: Int)
    /// More of them.
    case historyPage(after: UInt64, through: UInt64)
    /// Who is here.
    case who
    /// The end of the server.
    case shutdown
    /// The settings, read again.
    case reload
    /// Nothing more: the connection is gone.
    case left
}
