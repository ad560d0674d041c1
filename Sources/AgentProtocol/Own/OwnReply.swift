public import CryptoCore
public import Failures
internal import KeyFormats

/// An answer on the own socket.
public enum OwnReply: ~Copyable {
    /// It was not done.
    case failure(AgentError)
    /// It was done.
    case done
    /// The version that both sides speak.
    case hello(version: Int)
    /// What the agent holds.
    case status(AgentStatus)
    /// A decrypted secret.
    case secret(SecretBytes)
    /// A signature.
    case signature([UInt8])

    /// Reads a message, type and fields; throws `AgentError` if it is damaged.
    public init(_ message: RawSpan) throws(AgentError) {
        var reader = SSHReader(message)
        let reply = try OwnReply.read(&reader)
        guard reader.isAtEnd else { throw AgentError.malformed }
        self = reply
    }

    private static func read(_ reader: inout SSHReader) throws(AgentError) -> OwnReply {
        switch reader.byte() {
        case OwnKind.done: return .done
        case OwnKind.helloAnswer:
            guard let version = reader.number() else { throw AgentError.malformed }
            return .hello(version: version)
        case OwnKind.statusAnswer:
            guard let status = AgentStatus(&reader) else { throw AgentError.malformed }
            return .status(status)
        case OwnKind.secret:
            guard let secret = reader.string() else { throw AgentError.malformed }
            return .secret(secret)
        case OwnKind.signature:
            guard let signature = reader.bytes() else { throw AgentError.malformed }
            return .signature(signature)
        case OwnKind.failure:
            guard let code = reader.text(limit: 64),
                let message = reader.text(limit: AgentLimits.commentByteCount)
            else { throw AgentError.malformed }
            return .failure(AgentError.received(code, message))
        default: throw AgentError.malformed
        }
    }

    /// The message, with its length.
    consuming func encoded() -> SecretBytes {
        switch consume self {
        case .failure(let error):
            return AgentFrame.secret(
                OwnKind.failure,
                AgentFrame.text(error.codeName) + AgentFrame.text(error.message)
            )
        case .done: return AgentFrame.secret(OwnKind.done)
        case .hello(let version):
            return AgentFrame.secret(OwnKind.helloAnswer, SSHWire.number(version))
        case .status(let status): return AgentFrame.secret(OwnKind.statusAnswer, status.encoded)
        case .secret(let secret): return AgentFrame.secret(OwnKind.secret, [], secret: secret.bytes)
        case .signature(let bytes):
            return AgentFrame.secret(OwnKind.signature, SSHWire.string(bytes))
        }
    }
}
