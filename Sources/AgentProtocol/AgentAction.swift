public import CryptoCore

/// What the shell is to do for a connection; until it is done, no further message is read from it.
public enum AgentAction: ~Copyable {
    /// Write these bytes.
    case reply(SecretBytes)
    /// Ask a person; then call `confirmed`.
    case confirm(String)
    /// Ask the agent before us; then call `forwarded`.
    case forward(EarlierRequest)
    /// Call `resumed` at this time.
    case wait(until: AgentTime)
    /// Close the connection.
    case close
    /// Write these bytes, and end the agent.
    case stop(SecretBytes)
}

/// A request for the agent that `SSH_AUTH_SOCK` named before us.
public struct EarlierRequest: Sendable, Equatable {
    /// The session binds of the connection, in order; their answers do not matter.
    public let binds: [[UInt8]]
    /// The request: type and fields.
    public let request: [UInt8]
    /// Whether the list of keys is asked for.
    public let isList: Bool

    /// How long all of it may take, in seconds.
    public var seconds: Int { isList ? AgentLimits.listSeconds : AgentLimits.answerSeconds }
}
