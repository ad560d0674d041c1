public import Failures

/// A failure of the agent, or of a request to it.
public typealias AgentError = Failure<AgentErrorCode>

/// What kind of failure of the agent it is; the raw values are part of the own protocol.
public enum AgentErrorCode: String, FailureCode {
    /// The agent is locked.
    case locked
    /// The agent does not hold the key.
    case noSuchKey = "no-such-key"
    /// The key may not do that.
    case notAllowed = "not-allowed"
    /// Nobody confirmed the use.
    case notConfirmed = "not-confirmed"
    /// The passphrase does not unlock the agent.
    case wrongPassphrase = "wrong-passphrase"
    /// The agent is not locked.
    case notLocked = "not-locked"
    /// A ciphertext does not open.
    case wrongKey = "wrong-key"
    /// Too many questions wait for an answer.
    case busy
    /// A message does not parse.
    case malformed
    /// No agent listens, or it does not answer.
    case unreachable
    /// Anything else.
    case failed
}

extension AgentError {
    static let locked = AgentError(
        .locked,
        "the agent is locked",
        hint: "unlock it: keyctl agent unlock"
    )
    package static let noSuchKey = AgentError(.noSuchKey, "the agent does not hold the key")
    static func notAllowed(_ what: String) -> AgentError {
        AgentError(.notAllowed, "the agent does not sign \(what)")
    }
    static let decryptsOnly = AgentError(
        .notAllowed,
        "the key may only decrypt: its version has a successor"
    )
    static let notConfirmed = AgentError(.notConfirmed, "the use of the key was not confirmed")
    static let wrongPassphrase = AgentError(
        .wrongPassphrase,
        "the passphrase does not unlock the agent"
    )
    static let notLocked = AgentError(.notLocked, "the agent is not locked")
    static let wrongKey = AgentError(
        .wrongKey,
        "authentication failed: the key is wrong, or the data was changed"
    )
    static let busy = AgentError(.busy, "too many questions to the agent wait for an answer")
    package static let malformed = AgentError(.malformed, "the message cannot be read")
    static let tooManyKeys = AgentError(
        .failed,
        "the agent holds \(AgentLimits.keyCount) keys already",
        hint: "remove some: keyctl agent remove NAME"
    )
    static let emptyPassphrase = AgentError(.failed, "the passphrase is empty")
    static func failed(_ message: String) -> AgentError { AgentError(.failed, message) }
    static let holdsTwice = AgentError(
        .failed,
        "the agent holds the key already, for an identity"
    )

    /// Nobody listens at a socket.
    package static func unreachable(_ path: String) -> AgentError {
        AgentError(
            .unreachable,
            "no agent listens at \(path)",
            hint: "start one: eval \"$(keyctl agent start)\""
        )
    }

    /// The agent did not answer in time, or closed the connection.
    package static let noAnswer = AgentError(.unreachable, "the agent does not answer")

    /// The agent belongs to another user.
    package static func otherUser(_ path: String) -> AgentError {
        AgentError(.unreachable, "the agent at \(path) belongs to another user")
    }

    /// Something of the shell around the protocol failed.
    package static func system(_ message: String, hint: String? = nil) -> AgentError {
        AgentError(.failed, message, hint: hint)
    }

    /// An error that the other side sent.
    package static func received(_ code: String, _ message: String) -> AgentError {
        let known = AgentErrorCode(rawValue: code) ?? .failed
        return AgentError(known, message, hint: known == .locked ? AgentError.locked.hint : nil)
    }
}
