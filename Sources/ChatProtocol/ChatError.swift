public import Failures
internal import KeyFormats
internal import SwiftProtobuf

/// A failure of the chat, at the client or at the server.
public typealias ChatError = Failure<ChatErrorCode>

/// What kind of failure of the chat it is.
public enum ChatErrorCode: String, FailureCode {
    /// The other side broke the protocol.
    case protocolViolation = "protocol-violation"
    /// A frame is larger than the limit.
    case oversized = "oversized"
    /// The key is not registered with this server.
    case notAdmitted = "not-admitted"
    /// The key is registered, but the room is limited to a group.
    case notInRoom = "not-in-room"
    /// The key was revoked.
    case revoked = "revoked"
    /// The key has a newer version, or its owner ended it.
    case retired = "retired"
    /// The key has expired.
    case expired = "expired"
    /// The clocks differ too much, or a session has run for too long.
    case clock = "clock"
    /// The server's key is not the pinned one.
    case wrongServer = "wrong-server"
    /// The server showed two different histories.
    case fork = "fork"
    /// The message was made before a change of members.
    case stale = "stale"
    /// The server cannot do it at the moment, for example because its disk is full.
    case unavailable = "unavailable"
    /// The server refused the newest statements of the identity.
    case statementsRefused = "statements-refused"
    /// The identity has the largest allowed number of sessions.
    case tooManySessions = "too-many-sessions"
    /// A message cannot be accepted.
    case invalidMessage = "invalid-message"
    /// The message is too long.
    case tooLong = "too-long"
    /// A message cannot be decrypted or does not verify.
    case unreadable = "unreadable"
    /// The person is not allowed to do that.
    case forbidden = "forbidden"
    /// The typed command does not exist.
    case unknownCommand = "unknown-command"
    /// The server cannot be reached.
    case unreachable = "unreachable"
    /// A member's key is not the pinned one.
    case keyMismatch = "key-mismatch"
    /// The session ended before the server acknowledged all messages.
    case unacknowledged = "unacknowledged"
    /// Options or settings are wrong.
    case configuration = "configuration"
}

extension ChatError {
    static func violation(_ what: String) -> ChatError {
        ChatError(.protocolViolation, "the other side broke the protocol: \(what)")
    }

    static func oversized(_ byteCount: Int, limit: Int) -> ChatError {
        ChatError(.oversized, "a frame of \(byteCount) bytes is over the limit of \(limit)")
    }

    /// Returns the refusal frame for this error.
    package func refusal(fingerprint: String) -> WireFrame {
        .with {
            $0.refusal = .with {
                $0.code = code.rawValue
                $0.message = message
                $0.hint = hint ?? ""
                $0.fingerprint = fingerprint
            }
        }
    }
}
