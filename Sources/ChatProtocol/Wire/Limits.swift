/// Every limit of the chat's server, with its unit and its reason.
///
/// A number, a count or a size from elsewhere meets one of these before it costs memory or time.
public enum ServerLimits {
    // MARK: Frames

    /// Largest frame before a session is admitted, in bytes: a Hello with its statements.
    package static let earlyFrameByteCount = 256 << 10
    /// Largest frame of an admitted session, in bytes: one announcement with room to spare.
    package static let frameByteCount = 2 << 20
    /// Largest body of a message, in bytes.
    package static let messageByteCount = 64 << 10
    /// Largest body of an announcement, in bytes: some two thousand wraps of RSA-3072.
    package static let announcementByteCount = 1 << 20
    /// Most wraps in one announcement: an empty wrap has two bytes, so bytes alone bound nothing.
    package static let wrapCount = 4_096
    /// Highest epoch of a session, which lasts a day.
    package static let epochNumber: UInt32 = 1 << 20
    /// Most announcements in one epoch, over all logins of its session: a reader of one message of
    /// it gets all of them.
    ///
    /// Clients send one, and one more leaves room.
    package static let announcementsPerEpoch = 2
    /// Most statements in one Hello: the longest chain of an identity, with its revocations.
    package static let helloStatementCount = 2_000
    /// Most fields of one frame: a Hello with all its statements.
    package static let helloFieldCount = helloStatementCount + 16

    // MARK: Connections of strangers

    /// Connections that one prefix of addresses may begin a second; loopback is exempt.
    public static let handshakesPerSecond = 10
    /// Most connections that are not admitted yet; beyond it one of the fullest prefix is closed.
    public static let unauthenticatedCount = 128
    /// Seconds until a connection that is not admitted is closed.
    public static let loginSeconds = 10
    /// Prefixes of addresses that are counted at once; older seconds are forgotten first.
    package static let prefixCount = 4_096
    /// A refusal is sent this many milliseconds after the Hello: its time does not tell how much
    /// of a key the server knew.
    package static let refusalDelayMilliseconds: Int64 = 100
    /// Bytes that are read, and dropped, from a connection that is being closed.
    package static let closingByteCount = 2 << 20
    /// Hellos a minute and prefix whose statements were verified in vain; further ones are judged
    /// without their statements.
    package static let failedStatementsPerMinute = 20
    /// Descriptors kept free for the store, the registry and the log; fewer where hardly any are
    /// free, but not fewer than the least.
    package static let reservedDescriptorCount = 64
    package static let leastReservedDescriptorCount = 8

    // MARK: Sessions of members

    /// Most sessions of one identity: each may hold a full channel and a page.
    package static let sessionsPerMember = 16
    /// Most frames of one session that wait for the writer; beyond it nothing more is decoded.
    package static let window = 64
    /// A channel takes no more pages while this many bytes wait to be sent.
    package static let channelHighByteCount = 1 << 20
    /// A channel takes pages again when no more than this many bytes wait.
    package static let channelLowByteCount = 256 << 10
    /// Seconds after which a channel that stays full without progress is closed; its session goes
    /// on from its cursor.
    ///
    /// With `silenceSeconds` it stays below two minutes.
    package static let blockedSeconds: Int64 = 40
    /// Bytes that a full channel must get rid of in that time.
    package static let blockedProgressByteCount = 64 << 10
    /// Seconds without a byte after which a session is closed; a third of it passes before a ping.
    public static let silenceSeconds = 75
    /// Renewals and other changes that one identity may bring in a day, besides rotations.
    package static let amendmentsPerDay = 10
    /// Statements of every kind but rotations that one identity may bring in a day.
    package static let statementsPerDay = 200

    // MARK: The writer

    /// Entries of one page.
    package static let pageEntryCount = 256
    /// Bytes of bodies of one page.
    package static let pageByteCount = 512 << 10
    /// Bytes of announcements that one page brings along, before it ends early.
    package static let pageKeyByteCount = 2 << 20
    /// Events that the writer takes from its mailbox at once: it looks for a stop in between.
    package static let eventBatchCount = 256
    /// Bodies of one commit, in bytes.
    package static let commitByteCount = 8 << 20
    /// Milliseconds that a commit waits for another program's lock on the store.
    package static let storeLockMilliseconds = 1_000
    /// Entries whose hashes are computed again when the store is opened.
    package static let checkedEntryCount = 200_000
    /// Lines of the log that wait for a reader of standard error; further ones are counted.
    public static let logLineCount = 1_024
    /// Lines of the log about refused logins a second; further ones are counted.
    package static let refusalLinesPerSecond = 20
}
