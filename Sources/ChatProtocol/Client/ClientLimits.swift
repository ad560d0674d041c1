/// The limits of a client, with units and reasons.
///
/// A count or size from the server or a member is compared with one of these before it costs memory
/// or time.
package enum ClientLimits {
    // MARK: The user's messages and requests

    /// The longest text of one message, in bytes of UTF-8.
    package static let textByteCount = 32 << 10
    /// The most messages that one request for history asks for.
    package static let historyMessageCount = 10_000
    /// The most requests of the user that wait to be sent.
    static let requestCount = 64
    /// The most bytes of statements in a Hello; the other fields have room in the rest of
    /// `earlyLimit`.
    static let statementsByteCount = FrameCodec.earlyLimit * 3 / 4

    // MARK: What a server sends

    /// The most bytes of registry lines before their checkpoint.
    ///
    /// It has room for 60,000 names. That is thirty times the number of keys that fit into an
    /// announcement.
    static let registryByteCount = 32 << 20
    /// The most lines of a registry, and the highest line count that an event may name.
    static let registryLineCount = 1 << 20
    /// The most bytes of one answer to a request for history: 10,000 messages of three kilobytes.
    ///
    /// The client keeps them in memory until the last page arrives.
    static let historyByteCount = 32 << 20
    /// The number of past entries whose hashes are remembered, to check the `seen` position of
    /// messages.
    static let rememberedPositionCount: UInt64 = 4_096
    /// The longest time without a frame before the welcome, in seconds.
    package static let welcomeSeconds: Int64 = 15

    // MARK: What members send

    /// The most steps along the chains of one member that may be skipped.
    ///
    /// It is the length of two epochs. A step takes some microseconds.
    static let skippedStepCount = 2 * Int(SenderChain.largestIndex)
    /// The most wraps in one announcement: as many as fit into its bytes with the smallest key.
    static let wrapCount = 4_096

    // MARK: Stored files

    /// The most bytes of a frame that is stored as the evidence of a fork.
    package static let evidenceByteCount = 1 << 20
    /// The most bytes of a file about a fork: the frame in Base64, and some lines.
    package static let largestForkByteCount = 2 << 20
    /// The time after which an unused reader no longer keeps the server from deleting entries, in
    /// seconds: 30 days.
    package static let readerSeconds: Int64 = 30 * 86_400
}
