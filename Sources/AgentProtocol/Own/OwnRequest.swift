public import CryptoCore
internal import KeyFormats
internal import KeyOperations

/// A request on the own socket, parsed to its last byte.
public enum OwnRequest: Sendable {
    /// The first message of a connection: the highest version that the client knows.
    case hello(version: Int)
    /// What the agent holds.
    case status
    /// Decrypt a small secret.
    case unwrap(SHA256Digest, label: [UInt8], ciphertext: [UInt8])
    /// Sign the digest of bytes that a user chose.
    case signDigest(SHA256Digest, SignatureScheme, digest: [UInt8])
    /// Sign a structure of this project.
    case signStatement(SHA256Digest, [UInt8])
    /// Hold the key of an identity's version.
    case add(HeldIdentity, KeyPolicy, RSAPrivateKey)
    /// Remove the keys of an identity; `nil`: every key.
    case remove(String?)
    /// Encrypt all keys under a passphrase.
    case lock(Passphrase)
    /// Decrypt them again.
    case unlock(Passphrase)
    /// End the agent.
    case stop

    /// Reads a message, type and fields; `nil` if it is damaged.
    init?(_ message: RawSpan) {
        var reader = SSHReader(message)
        guard let request = OwnRequest.read(&reader), reader.isAtEnd else { return nil }
        self = request
    }

    private static func read(_ reader: inout SSHReader) -> OwnRequest? {
        switch reader.byte() {
        case OwnKind.hello:
            guard reader.bytes() == Array(OwnKind.protocolName.utf8), let version = reader.number()
            else { return nil }
            return .hello(version: version)
        case OwnKind.status: return .status
        case OwnKind.stop: return .stop
        case OwnKind.unwrap:
            guard let key = digest(&reader), let label = reader.bytes(),
                let ciphertext = reader.bytes()
            else { return nil }
            return .unwrap(key, label: label, ciphertext: ciphertext)
        case OwnKind.signDigest:
            guard let key = digest(&reader), let name = reader.text(limit: 64),
                let scheme = SignatureScheme(operation: name), let digest = reader.bytes(),
                digest.count == scheme.hash.byteCount
            else { return nil }
            return .signDigest(key, scheme, digest: digest)
        case OwnKind.signStatement:
            guard let key = digest(&reader), let bytes = reader.bytes() else { return nil }
            return .signStatement(key, bytes)
        case OwnKind.add: return added(&reader)
        case OwnKind.remove:
            guard let name = reader.text(limit: AgentLimits.commentByteCount) else { return nil }
            return .remove(name.isEmpty ? nil : name)
        case OwnKind.lock: return passphrase(&reader).map { .lock($0) }
        case OwnKind.unlock: return passphrase(&reader).map { .unlock($0) }
        default: return nil
        }
    }

    private static func digest(_ reader: inout SSHReader) -> SHA256Digest? {
        reader.bytes().flatMap { SHA256Digest(bytes: $0) }
    }

    private static func passphrase(_ reader: inout SSHReader) -> Passphrase? {
        guard let secret = reader.string(), secret.count <= Passphrase.largestByteCount else {
            return nil
        }
        return Passphrase(secret)
    }

    private static func added(_ reader: inout SSHReader) -> OwnRequest? {
        guard let text = reader.text(limit: AgentLimits.commentByteCount),
            let name = try? KeyName(text), let version = reader.number(), version > 0,
            let id = digest(&reader), let home = reader.text(limit: AgentLimits.pathByteCount),
            let flags = reader.byte(), flags & ~OwnKind.AddFlag.all == 0,
            let policy = KeyPolicy(&reader), let der = reader.string(),
            let key = try? RSAPrivateKey(der: der.bytes)
        else { return nil }
        let identity = HeldIdentity(
            name: name.description,
            version: version,
            id: id,
            home: home,
            signs: flags & OwnKind.AddFlag.signs != 0,
            isServer: flags & OwnKind.AddFlag.isServer != 0
        )
        return .add(identity, policy, key)
    }

    /// The message, with its length; throws `CryptoError` if a private key cannot be written.
    public func encoded() throws(CryptoError) -> SecretBytes {
        switch self {
        case .hello(let version):
            return AgentFrame.secret(
                OwnKind.hello,
                AgentFrame.text(OwnKind.protocolName) + SSHWire.number(version)
            )
        case .status: return AgentFrame.secret(OwnKind.status)
        case .stop: return AgentFrame.secret(OwnKind.stop)
        case .unwrap(let key, let label, let ciphertext):
            return AgentFrame.secret(
                OwnKind.unwrap,
                SSHWire.string(key.bytes) + SSHWire.string(label) + SSHWire.string(ciphertext)
            )
        case .signDigest(let key, let scheme, let digest):
            return AgentFrame.secret(
                OwnKind.signDigest,
                SSHWire.string(key.bytes)
                    + AgentFrame.text(KeyOperation.signDigest(scheme).description)
                    + SSHWire.string(digest)
            )
        case .signStatement(let key, let bytes):
            return AgentFrame.secret(
                OwnKind.signStatement,
                SSHWire.string(key.bytes) + SSHWire.string(bytes)
            )
        case .add(let identity, let policy, let key):
            let flags =
                (identity.signs ? OwnKind.AddFlag.signs : 0)
                | (identity.isServer ? OwnKind.AddFlag.isServer : 0)
            let fields =
                AgentFrame.text(identity.name) + SSHWire.number(identity.version)
                + SSHWire.string(identity.id.bytes) + AgentFrame.text(identity.home) + [flags]
                + policy.encoded
            let der = try key.pkcs8DERRepresentation()
            return AgentFrame.secret(OwnKind.add, fields, secret: der.bytes)
        case .remove(let name):
            return AgentFrame.secret(OwnKind.remove, AgentFrame.text(name ?? ""))
        case .lock(let passphrase):
            return passphrase.bytes.withBytes { AgentFrame.secret(OwnKind.lock, [], secret: $0) }
        case .unlock(let passphrase):
            return passphrase.bytes.withBytes { AgentFrame.secret(OwnKind.unlock, [], secret: $0) }
        }
    }
}

extension SignatureScheme {
    /// The scheme of an operation's name; no name stands for PSS with SHA-384.
    init?(operation name: String) {
        for hash in HashAlgorithm.allCases {
            for scheme in [SignatureScheme.pkcs1(hash), .pss(hash)]
            where KeyOperation.signDigest(scheme).description == name {
                guard scheme != .pkcs1(.sha3With512Bits) else { return nil }
                self = scheme
                return
            }
        }
        return nil
    }
}
