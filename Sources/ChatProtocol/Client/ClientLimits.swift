/// What a client takes from a server and from members, each with its reason.
package enum ClientLimits {
    // MARK: What the user says and asks

    /// Longest text of one message, in bytes of UTF-8.
    package static let textByteCount = 32 << 10
    /// Most messages that one request for history asks for.
    package static let historyMessageCount = 10_000
    /// Most requests of the user that wait for their turn.
    static let requestCount = 64
    /// Most bytes of statements in a hello; the rest of the frame has room below `earlyLimit`.
    static let statementsByteCount = FrameCodec.earlyLimit * 3 / 4

    // MARK: What a server sends

    /// Most bytes of a registry's lines before the checkpoint that ends them: a registry of 60,000
    /// names, thirty times what an announcement of keys has room for.
    static let registryByteCount = 32 << 20
    /// Most lines of a registry, also that an event may name.
    static let registryLineCount = 1 << 20
    /// Most bytes of one answer to a request for history: 10,000 messages of three kilobytes.
    ///
    /// They are held until the last page is there.
    static let historyByteCount = 32 << 20
    /// How many of a log's last hashes are remembered: a member's `seen` is checked against them.
    static let rememberedPositionCount: UInt64 = 4_096
    /// How long a server may be silent before its welcome, in seconds.
    package static let welcomeSeconds: Int64 = 15

    // MARK: What members send

    /// Most steps along one member's chains, beyond one for each message.
    ///
    /// A gap as long as an epoch, and as much again; a step takes some microseconds.
    static let skippedStepCount = 2 * Int(SenderChain.largestIndex)
    /// Most wraps of one announcement: as many as fit into its bytes with the smallest key.
    static let wrapCount = 4_096

    // MARK: What is kept

    /// Most bytes of a frame that is kept as the evidence of a fork.
    package static let evidenceByteCount = 1 << 20
    /// Most bytes of a file about a fork: the frame in Base64, and some lines.
    package static let largestForkByteCount = 2 << 20
    /// How long a reader that is not used keeps the server from forgetting, in seconds: a month.
    package static let readerSeconds: Int64 = 30 * 86_400
}
