public import Failures
internal import KeyFormats
internal import SwiftProtobuf

/// A failure of the chat, on either side of the wire.
public struct ChatError: ReportableError, Equatable {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The other side broke the protocol.
        case protocolViolation = "protocol-violation"
        /// A frame is larger than frames may be.
        case oversized = "oversized"
        /// The key is not registered with this server.
        case notAdmitted = "not-admitted"
        /// The key is registered, but the room is for others.
        case notInRoom = "not-in-room"
        /// The key was revoked.
        case revoked = "revoked"
        /// The key was followed by another.
        case retired = "retired"
        /// The key has expired.
        case expired = "expired"
        /// The clocks differ too much, or a session has run for too long.
        case clock = "clock"
        /// The server is not the one that is pinned.
        case wrongServer = "wrong-server"
        /// The server showed two different histories.
        case fork = "fork"
        /// The message was made for an older membership.
        case stale = "stale"
        /// The server cannot do it at the moment: its disk is full, or its store is damaged.
        case unavailable = "unavailable"
        /// The server did not take the newest of the identity's own statements.
        case statementsRefused = "statements-refused"
        /// The identity has as many sessions as one may have.
        case tooManySessions = "too-many-sessions"
        /// A message cannot be taken.
        case invalidMessage = "invalid-message"
        /// The message is too long.
        case tooLong = "too-long"
        /// A message cannot be opened or does not verify.
        case unreadable = "unreadable"
        /// The person may not do that.
        case forbidden = "forbidden"
        /// There is no such command.
        case unknownCommand = "unknown-command"
        /// The server cannot be reached.
        case unreachable = "unreachable"
        /// Somebody's key is not the one that was pinned.
        case keyMismatch = "key-mismatch"
        /// The session ended before the server acknowledged everything that was said.
        case unacknowledged = "unacknowledged"
        /// Options or configuration do not fit.
        case configuration = "configuration"
    }

    /// What kind of failure it is.
    public let code: Code
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?
    /// A stable name for programs.
    public var codeName: String { code.rawValue }

    /// For this target's own factories, and for what a server said.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    static func violation(_ what: String) -> ChatError {
        ChatError(.protocolViolation, "the other side broke the protocol: \(what)")
    }

    static func oversized(_ byteCount: Int, limit: Int) -> ChatError {
        ChatError(.oversized, "a frame of \(byteCount) bytes is over the limit of \(limit)")
    }

    /// The refusal frame for this error.
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
