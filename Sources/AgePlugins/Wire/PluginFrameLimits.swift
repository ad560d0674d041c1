internal import AgeFiles

/// Limits of one side for what the other side sends.
public struct PluginFrameLimits: Sendable {
    /// Longest first line, in bytes.
    public let headingByteCount: Int
    /// Largest body, in bytes.
    public let bodyByteCount: Int
    /// Most messages of one conversation.
    public let frameCount: Int
    /// Most bytes of one conversation.
    public let totalByteCount: Int

    /// For what plugins send: a recipient stanza may have a post-quantum key in its first line.
    public static let host = PluginFrameLimits(
        headingByteCount: 16 << 10,
        bodyByteCount: 64 << 10,
        frameCount: 10_000,
        totalByteCount: 4 << 20
    )

    /// For what a host sends: every stanza of every header that is read fits.
    public static let plugin = PluginFrameLimits(
        headingByteCount: AgeHeader.largestByteCount + commandByteCount,
        bodyByteCount: AgeHeader.largestByteCount,
        frameCount: 10_000,
        totalByteCount: 8 * AgeHeader.largestByteCount
    )

    /// Room for what stands before a stanza in the first line: a command and a number.
    private static let commandByteCount = 64
}
