/// The limits of the agent; docs/agent.md gives the reason of each.
public enum AgentLimits {
    /// The largest message, in bytes.
    public static let largestMessageByteCount = 256 << 10
    /// The most connections at once.
    public static let connectionCount = 2_048
    /// Descriptors that are left for everything but connections.
    public static let spareDescriptorCount = 64
    /// A message up to this size does not count as large, in bytes.
    public static let smallMessageByteCount = 4 << 10
    /// The most bytes of unfinished large messages, all connections together.
    public static let unfinishedByteCount = 32 << 20
    /// The most bytes that one read takes.
    public static let readByteCount = 16 << 10
    /// The most questions and requests to the earlier agent at once.
    public static let jobCount = 16
    /// The most keys.
    public static let keyCount = 256
    /// The most session binds of a connection.
    public static let bindCount = 16
    /// The longest session id, in bytes.
    public static let sessionByteCount = 128
    /// The largest message of a session bind, in bytes.
    public static let bindByteCount = 16 << 10
    /// The most destination constraints of a key, and their bytes.
    public static let constraintCount = 1_024
    /// The most bytes of a key's destination constraints.
    public static let constraintByteCount = 64 << 10
    /// The longest comment of a key, in bytes.
    public static let commentByteCount = 1_024
    /// The longest user's name of a login, in bytes.
    public static let userByteCount = 256
    /// The longest namespace of an SSHSIG, in bytes.
    public static let namespaceByteCount = 256
    /// The longest path in a message, in bytes.
    public static let pathByteCount = 4_096
    /// The largest public key that is read, in bytes.
    public static let keyBlobByteCount = 4 << 10
    /// The longest lifetime and idle time, in seconds: ten years.
    public static let longestPolicySeconds = 10 * 366 * 86_400
    /// How long the earlier agent may take for its list, in seconds.
    public static let listSeconds = 1
    /// How long the earlier agent, and a person, may take for an answer, in seconds.
    public static let answerSeconds = 60
    /// How often the agent looks whether its folder is still there, at least, in milliseconds.
    public static let folderCheckMilliseconds = 60_000
    /// How long the earlier agent is not asked for a list after a failure, in seconds.
    public static let listPauseSeconds = 10
    /// By how much each wrong passphrase delays the next attempt, in milliseconds.
    public static let unlockStepMilliseconds = 100
    /// The longest of these delays, in milliseconds.
    public static let longestUnlockMilliseconds = 10_000
    /// How far a session's certificate may begin from now, in seconds.
    public static let clockToleranceSeconds: Int64 = 300
}
