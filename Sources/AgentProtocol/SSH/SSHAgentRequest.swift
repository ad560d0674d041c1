internal import CryptoCore
internal import KeyFormats

/// A request on the SSH socket (RFC 9987 § 5), parsed to its last byte.
///
/// Everything that is not understood is `unsupported`, which the agent answers with a failure.
enum SSHAgentRequest {
    case identities
    case sign(blob: [UInt8], data: [UInt8], flags: Int)
    case add(HeldPrivateKey, comment: String, KeyPolicy)
    case remove([UInt8])
    case removeAll
    case lock(Passphrase)
    case unlock(Passphrase)
    case query
    case bind([UInt8])
    case unsupported(isExtension: Bool)

    /// The types of messages.
    enum Kind {
        static let failure: UInt8 = 5
        static let success: UInt8 = 6
        static let requestIdentities: UInt8 = 11
        static let identities: UInt8 = 12
        static let signRequest: UInt8 = 13
        static let signature: UInt8 = 14
        static let add: UInt8 = 17
        static let remove: UInt8 = 18
        static let removeAll: UInt8 = 19
        static let lock: UInt8 = 22
        static let unlock: UInt8 = 23
        static let addConstrained: UInt8 = 25
        static let `extension`: UInt8 = 27
        static let extensionFailure: UInt8 = 28
        static let extensionResponse: UInt8 = 29
    }

    static let queryName = "query"
    static let sessionBindName = "session-bind@openssh.com"
    /// The sizes of RSA keys that are taken; larger ones would stop the agent's one thread.
    private static let bitCounts = 2_048...4_096

    /// Reads a message: its type and its fields.
    init(_ message: RawSpan) {
        var reader = SSHReader(message)
        self = SSHAgentRequest.read(&reader) ?? .unsupported(isExtension: false)
    }

    private static func read(_ reader: inout SSHReader) -> SSHAgentRequest? {
        let request: SSHAgentRequest?
        switch reader.byte() {
        case Kind.requestIdentities: request = .identities
        case Kind.removeAll: request = .removeAll
        case Kind.signRequest:
            guard let blob = reader.bytes(), let data = reader.bytes(), let flags = reader.number()
            else { return nil }
            request = .sign(blob: blob, data: data, flags: flags)
        case Kind.add: request = added(&reader, isConstrained: false)
        case Kind.addConstrained: request = added(&reader, isConstrained: true)
        case Kind.remove: request = reader.bytes().map { .remove($0) }
        case Kind.lock: request = passphrase(&reader).map { .lock($0) }
        case Kind.unlock: request = passphrase(&reader).map { .unlock($0) }
        case Kind.extension: return extended(&reader)
        default: request = nil
        }
        return reader.isAtEnd ? request : nil
    }

    private static func passphrase(_ reader: inout SSHReader) -> Passphrase? {
        guard let secret = reader.string(), secret.count <= Passphrase.largestByteCount else {
            return nil
        }
        return Passphrase(secret)
    }

    private static func extended(_ reader: inout SSHReader) -> SSHAgentRequest {
        switch reader.text(limit: 256) {
        case queryName? where reader.isAtEnd: .query
        case sessionBindName?: .bind(reader.rest().publicBytes)
        default: .unsupported(isExtension: true)
        }
    }

    private static func added(_ reader: inout SSHReader, isConstrained: Bool) -> SSHAgentRequest? {
        guard let key = privateKey(&reader),
            let comment = reader.text(limit: AgentLimits.commentByteCount)
        else { return nil }
        guard isConstrained else { return .add(key, comment: comment, KeyPolicy()) }
        return KeyPolicy(constraints: &reader).map { .add(key, comment: comment, $0) }
    }

    private static func privateKey(_ reader: inout SSHReader) -> HeldPrivateKey? {
        guard let kind = reader.text(limit: 64) else { return nil }
        if kind == SSHWire.algorithm { return rsaKey(&reader) }
        guard let curve = SignatureCurve.allCases.first(where: { $0.algorithm == kind }) else {
            return nil
        }
        if curve == .ed25519 {
            // The private string is the seed and the public key again.
            guard let point = reader.bytes(), let secret = reader.string(), secret.count == 64,
                SecretBytes(copying: secret.bytes.extracting(32..<64)).publicBytes == point
            else { return nil }
            let seed = secret.bytes.extracting(0..<32)
            return (try? CurvePrivateKey(curve, scalar: seed, point: point)).map { .curve($0) }
        }
        guard reader.bytes() == Array(curve.rawValue.utf8), let point = reader.bytes(),
            let scalar = reader.integer(),
            let key = try? CurvePrivateKey(curve, scalar: scalar.bytes, point: point)
        else { return nil }
        return .curve(key)
    }

    private static func rsaKey(_ reader: inout SSHReader) -> HeldPrivateKey? {
        // n before e: the reverse of the public form.
        guard let modulus = reader.integer(), let exponent = reader.integer(),
            let privateExponent = reader.integer()
        else { return nil }
        guard reader.integer() != nil, let first = reader.integer(), let second = reader.integer(),
            let key = try? RSAPrivateKey(
                modulus: modulus.publicBytes,
                publicExponent: exponent.publicBytes,
                privateExponent: privateExponent.bytes,
                firstPrime: first.bytes,
                secondPrime: second.bytes
            ),
            bitCounts.contains(key.publicKey.bitCount), isWhole(key)
        else { return nil }
        return .rsa(key)
    }

    /// Whether the private half makes signatures that the public half verifies.
    ///
    /// To prove that the factors are primes takes much longer, and protects nobody but the sender.
    private static func isWhole(_ key: RSAPrivateKey) -> Bool {
        guard let digest = try? HashAlgorithm.sha256.digest(of: [0]),
            let signature = try? key.signature(ofDigest: digest, scheme: .pkcs1(.sha256))
        else { return false }
        return key.publicKey.isValidSignature(signature, ofDigest: digest, scheme: .pkcs1(.sha256))
    }
}
