public import AgentProtocol
internal import CryptoCore
internal import Failures

/// Requests to the agent of this user, each on a connection of its own.
///
/// Any thread may use it; a call blocks until the agent has answered.
public struct AgentClient: Sendable {
    /// The time for an answer that needs no person, in seconds.
    private static let seconds = 15

    /// The path of the own socket.
    public let path: String

    /// Names a socket.
    public init(path: String) { self.path = path }

    /// The agent of this user by the environment; `nil` where no folder is known.
    public static var standard: AgentClient? { AgentAddress.ownSocket.map(AgentClient.init) }

    /// Sends a request and returns the answer.
    ///
    /// Throws `AgentError`: what the agent answered, or that it does not answer.
    public func ask(_ request: OwnRequest, waitsForPerson: Bool = false) throws -> OwnReply {
        let seconds = waitsForPerson ? AgentLimits.answerSeconds + 5 : AgentClient.seconds
        let socket = try UnixSocket(path, until: .now.adding(seconds: seconds))
        // Nothing is sent to another user's process.
        guard socket.isOwnUser else { throw AgentError.otherUser(path) }
        let hello = try OwnRequest.hello(version: AgentClient.version).encoded()
        try socket.write(hello.bytes)
        let greeting = try socket.message()
        guard case .hello = try OwnReply(greeting.bytes) else { throw AgentError.malformed }
        let message = try request.encoded()
        try socket.write(message.bytes)
        let answer = try socket.message()
        let reply = try OwnReply(answer.bytes)
        return try AgentClient.succeeded(reply)
    }

    private static let version = 1

    private static func succeeded(_ reply: consuming OwnReply) throws -> OwnReply {
        switch consume reply {
        case .failure(let error): throw error
        case .done: return .done
        case .hello(let version): return .hello(version: version)
        case .status(let status): return .status(status)
        case .secret(let secret): return .secret(secret)
        case .signature(let bytes): return .signature(bytes)
        }
    }

    /// What the agent holds; throws as `ask` does.
    public func status() throws -> AgentStatus {
        guard case .status(let status) = try ask(.status) else { throw AgentError.malformed }
        return status
    }

    /// Asks for something that has no result; throws as `ask` does.
    public func perform(_ request: OwnRequest) throws {
        guard case .done = try ask(request) else { throw AgentError.malformed }
    }
}
