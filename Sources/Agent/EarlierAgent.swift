internal import AgentClient
internal import AgentProtocol
internal import CryptoCore
internal import KeyFormats

/// The agent that `SSH_AUTH_SOCK` named before ours.
struct EarlierAgent: Sendable {
    let path: String

    /// Sends a request with the binds before it; blocks at most as long as the request may take.
    ///
    /// `nil` where the agent does not answer.
    func ask(_ request: EarlierRequest) -> [UInt8]? {
        do {
            let socket = try UnixSocket(path, until: .now.adding(seconds: request.seconds))
            for bind in request.binds {
                try socket.write(SSHWire.string(bind).borrowedBytes)
                _ = try socket.message()
            }
            try socket.write(SSHWire.string(request.request).borrowedBytes)
            return try socket.message().publicBytes
        } catch {
            return nil
        }
    }
}
