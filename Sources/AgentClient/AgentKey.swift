internal import AgentProtocol
public import CryptoCore
internal import Failures
internal import KeyFormats
public import KeyOperations

/// The key of an identity's version, held by the agent.
public struct AgentKey: DecryptingKey, SigningKey {
    /// The public half.
    public let publicKey: RSAPublicKey
    /// What the agent does with the key.
    public let capabilities: KeyCapabilities
    private let client: AgentClient
    private let fingerprint: SHA256Digest

    init?(_ status: AgentKeyStatus, _ client: AgentClient) {
        guard status.name != nil, let publicKey = try? SSHWire.key(from: status.blob) else {
            return nil
        }
        self.publicKey = publicKey
        self.client = client
        fingerprint = SHA256Digest(hashing: status.blob)
        capabilities = KeyCapabilities(
            operations: status.signs ? KeyOperation.all : [.unwrap],
            confirmation: status.confirms ? .prompt : .none,
            isExportable: false,
            allowsUnattendedUse: status.isUnattended
        )
    }

    private var waitsForPerson: Bool { capabilities.confirmation != .none }

    /// Lets the agent sign; throws `AgentError`.
    public func sign(_ request: SignatureRequest) throws -> [UInt8] {
        let asked: OwnRequest =
            switch request {
            case .statement(let bytes): .signStatement(fingerprint, bytes)
            case .digest(let digest, let scheme):
                .signDigest(fingerprint, scheme, digest: digest)
            }
        guard case .signature(let bytes) = try client.ask(asked, waitsForPerson: waitsForPerson)
        else { throw AgentError.malformed }
        return bytes
    }

    /// Lets the agent decrypt.
    ///
    /// Throws `AgentError`, and for a ciphertext that does not open the `CryptoError` that a key in
    /// this process throws.
    public func unwrap(_ wrapped: [UInt8], label: [UInt8]) throws -> SecretBytes {
        let request = OwnRequest.unwrap(fingerprint, label: label, ciphertext: wrapped)
        do {
            let reply = try client.ask(request, waitsForPerson: waitsForPerson)
            return try AgentKey.secret(reply)
        } catch let error as AgentError where error.code == .wrongKey {
            throw CryptoError.wrongKey
        }
    }

    private static func secret(_ reply: consuming OwnReply) throws -> SecretBytes {
        guard case .secret(let secret) = consume reply else { throw AgentError.malformed }
        return secret
    }
}
