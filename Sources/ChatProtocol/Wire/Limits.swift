/// Every limit of the chat's server, with its unit and its reason.
///
/// A foreign number, count or size is compared with one of these before it costs memory or time.
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
    /// An empty wrap has two bytes, so a limit on bytes is not enough.
    package static let wrapCount = 4_096
    /// The highest epoch of a session.
    ///
    /// A session lasts a day.
    package static let epochNumber: UInt32 = 1 << 20
    /// The most announcements in one epoch, over all logins of its session.
    ///
    /// A reader of one message of the epoch gets all of them.
    ///
    /// Clients send one.
    package static let announcementsPerEpoch = 2
    /// The most statements in one Hello: the longest chain of an identity, with its revocations.
    package static let helloStatementCount = 2_000
    /// The most fields in one frame: a Hello with all its statements.
    package static let helloFieldCount = helloStatementCount + 16

    // MARK: Connections of strangers

    /// The connections that one prefix of addresses may begin in a second.
    ///
    /// Loopback is exempt.
    public static let handshakesPerSecond = 10
    /// The most connections that are not admitted.
    ///
    /// Beyond it, one of the fullest prefix is closed.
    public static let unauthenticatedCount = 128
    /// The time until a connection that is not admitted is closed, in seconds.
    public static let loginSeconds = 10
    /// The number of address prefixes that are counted at once.
    ///
    /// Counts of past seconds are dropped first.
    package static let prefixCount = 4_096
    /// The time from a Hello to its refusal, in milliseconds.
    ///
    /// So the time does not tell how much of a key the server knew.
    package static let refusalDelayMilliseconds: Int64 = 100
    /// The most bytes that are read and dropped from a connection that is being closed.
    package static let closingByteCount = 2 << 20
    /// The Hellos with failed statements in a minute, for each prefix.
    ///
    /// Later Hellos are judged without their statements.
    package static let failedStatementsPerMinute = 20
    /// The descriptors that are kept free for the store, the registry and the log.
    ///
    /// If hardly any are free, it is fewer, but not fewer than the least.
    package static let reservedDescriptorCount = 64
    package static let leastReservedDescriptorCount = 8

    // MARK: Sessions of members

    /// The most sessions of one identity.
    ///
    /// Each may fill a channel and a page.
    package static let sessionsPerMember = 16
    /// The most frames of one session that wait for the engine.
    ///
    /// Beyond it, no frame is decoded.
    package static let window = 64
    /// A channel accepts no more pages while this number of bytes waits to be sent.
    package static let channelHighByteCount = 1 << 20
    /// A channel accepts pages again when no more than this number of bytes waits.
    package static let channelLowByteCount = 256 << 10
    /// The time after which a channel that stays full without progress is closed, in seconds.
    ///
    /// Its session continues from its cursor.
    ///
    /// Together with `silenceSeconds`, it stays below two minutes.
    package static let blockedSeconds: Int64 = 40
    /// The bytes that a full channel must send in that time to have progress.
    package static let blockedProgressByteCount = 64 << 10
    /// The time without a byte after which a session is closed, in seconds.
    ///
    /// The ping comes after a third.
    public static let silenceSeconds = 75
    /// The renewals and other amendments that one identity may bring in a day; rotations do not
    /// count.
    package static let amendmentsPerDay = 10
    /// The statements that one identity may bring in a day; rotations do not count.
    package static let statementsPerDay = 200

    // MARK: The engine

    /// The most entries in one page.
    package static let pageEntryCount = 256
    /// The most bytes of bodies in one page.
    package static let pageByteCount = 512 << 10
    /// The most bytes of announcements that one page brings along; then the page ends early.
    package static let pageKeyByteCount = 2 << 20
    /// The events that the engine takes from its mailbox at once.
    ///
    /// In between, it checks for a stop.
    package static let eventBatchCount = 256
    /// The most bytes of bodies in one commit.
    package static let commitByteCount = 8 << 20
    /// The time that a commit waits for another program's lock on the store, in milliseconds.
    package static let storeLockMilliseconds = 1_000
    /// The number of entries whose hashes are computed again when the store is opened.
    package static let checkedEntryCount = 200_000
    /// The lines of the log that may wait for a reader of standard error.
    ///
    /// Further lines are only counted.
    public static let logLineCount = 1_024
    /// The lines of the log about refused logins in a second.
    ///
    /// Further lines are only counted.
    package static let refusalLinesPerSecond = 20
}
