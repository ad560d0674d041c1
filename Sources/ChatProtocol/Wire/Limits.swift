/// The limits of the chat's server, with units and reasons.
///
/// A count or size from a client is compared with one of these before it costs memory or time.
public enum ServerLimits {
    // MARK: Frames

    /// The largest frame before a session is admitted, in bytes: a Hello with its statements.
    package static let earlyFrameByteCount = 256 << 10
    /// The largest frame of an admitted session, in bytes: more than one announcement.
    package static let frameByteCount = 2 << 20
    /// The largest body of a message, in bytes.
    package static let messageByteCount = 64 << 10
    /// The largest body of an announcement, in bytes: some two thousand wraps of RSA-3072.
    package static let announcementByteCount = 1 << 20
    /// The most wraps in one announcement.
    ///
    /// An empty wrap has only two bytes, so a limit on bytes would allow too many.
    package static let wrapCount = 4_096
    /// The highest epoch number of a session.
    ///
    /// A session lasts at most a day, so no client reaches it.
    package static let epochNumber: UInt32 = 1 << 20
    /// The most announcements in one epoch, over all logins of its session.
    ///
    /// A reader of one message of the epoch gets all of them. Clients send one for each epoch.
    package static let announcementsPerEpoch = 2
    /// The most statements in one Hello: the longest chain of an identity, with its revocations.
    package static let helloStatementCount = 2_000
    /// The most fields in one frame: a Hello with all its statements.
    package static let helloFieldCount = helloStatementCount + 16

    // MARK: Connections of strangers

    /// The most connections per second from one address prefix.
    ///
    /// Loopback is exempt.
    public static let handshakesPerSecond = 10
    /// The most connections that are not admitted.
    ///
    /// Beyond it, the server closes a connection of the prefix that has the most.
    public static let unauthenticatedCount = 128
    /// The time until a connection that is not admitted is closed, in seconds.
    public static let loginSeconds = 10
    /// The most address prefixes that are counted at once.
    ///
    /// Counts of past seconds are dropped first.
    package static let prefixCount = 4_096
    /// The time from a Hello to its refusal, in milliseconds.
    ///
    /// Every refusal takes this time, so the time does not show whether the server knows the key.
    package static let refusalDelayMilliseconds: Int64 = 100
    /// The most bytes that are read and dropped from a connection that is being closed.
    package static let closingByteCount = 2 << 20
    /// The most Hellos with failed statements per minute and address prefix.
    ///
    /// Later Hellos are judged without their statements.
    package static let failedStatementsPerMinute = 20
    /// The number of file descriptors that are kept free for the store, the registry and the log.
    ///
    /// If the process may open only few, the server keeps fewer free.
    package static let reservedDescriptorCount = 64
    package static let leastReservedDescriptorCount = 8

    // MARK: Sessions of members

    /// The most sessions of one identity.
    ///
    /// Each may fill a channel and a page of memory.
    package static let sessionsPerMember = 16
    /// The most frames of one session that wait for the engine.
    ///
    /// Beyond it, the server decodes no frame of the session.
    package static let window = 64
    /// A channel accepts no more pages while this number of bytes waits to be sent.
    package static let channelHighByteCount = 1 << 20
    /// A channel accepts pages again when no more than this number of bytes waits.
    package static let channelLowByteCount = 256 << 10
    /// The time after which a full channel without progress is closed, in seconds.
    ///
    /// The session continues from its cursor after a new login. Together with `silenceSeconds`, the
    /// time stays below two minutes.
    package static let blockedSeconds: Int64 = 40
    /// The bytes that a full channel must send within `blockedSeconds` to count as progress.
    package static let blockedProgressByteCount = 64 << 10
    /// The time without a received byte after which a session is closed, in seconds.
    ///
    /// The server sends a ping after a third of it.
    public static let silenceSeconds = 75
    /// The most renewals and other amendments of one identity in a day; rotations do not count.
    package static let amendmentsPerDay = 10
    /// The most statements of one identity in a day; rotations do not count.
    package static let statementsPerDay = 200

    // MARK: The engine

    /// The most entries in one page.
    package static let pageEntryCount = 256
    /// The most bytes of bodies in one page.
    package static let pageByteCount = 512 << 10
    /// The most bytes of announcements that one page includes; at this limit, the page ends early.
    package static let pageKeyByteCount = 2 << 20
    /// The most events that the engine takes from its mailbox at once.
    ///
    /// After them, it checks for a request to stop.
    package static let eventBatchCount = 256
    /// The most bytes of bodies in one commit.
    package static let commitByteCount = 8 << 20
    /// The longest time that a commit waits for another program's lock on the store, in
    /// milliseconds.
    package static let storeLockMilliseconds = 1_000
    /// The number of last entries whose hashes are computed again when the store is opened.
    package static let checkedEntryCount = 200_000
    /// The most lines of the server's log that wait to be written to standard error.
    ///
    /// Further lines are only counted.
    public static let logLineCount = 1_024
    /// The most lines about refused logins in the server's log in a second.
    ///
    /// Further lines are only counted.
    package static let refusalLinesPerSecond = 20
}
