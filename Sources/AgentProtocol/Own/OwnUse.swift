internal import CryptoCore
internal import Failures
internal import KeyOperations

/// A use of a key on the own socket, and whether the key may be used so.
struct OwnUse {
    private enum Act {
        case unwrap(label: [UInt8], ciphertext: [UInt8])
        case signDigest(SignatureScheme, [UInt8])
        case signStatement([UInt8])
    }

    /// The key.
    let fingerprint: SHA256Digest
    private let act: Act

    /// `nil` for requests that use no key.
    init?(_ request: OwnRequest) {
        switch request {
        case .unwrap(let key, let label, let ciphertext):
            fingerprint = key
            act = .unwrap(label: label, ciphertext: ciphertext)
        case .signDigest(let key, let scheme, let digest):
            fingerprint = key
            act = .signDigest(scheme, digest)
        case .signStatement(let key, let bytes):
            fingerprint = key
            act = .signStatement(bytes)
        case .hello, .status, .add, .remove, .lock, .unlock, .stop: return nil
        }
    }

    /// What a person is asked about.
    var purpose: String {
        switch act {
        case .unwrap: "decryption"
        case .signDigest: "a signature"
        case .signStatement: "a chat session"
        }
    }

    /// Throws `AgentError` where the key may not do it.
    func require(_ held: HeldKey, wallTime: Int64) throws(AgentError) {
        switch act {
        case .unwrap: return
        case .signDigest:
            guard held.identity?.signs == true else { throw AgentError.decryptsOnly }
        case .signStatement(let bytes):
            guard let identity = held.identity, identity.signs else {
                throw AgentError.decryptsOnly
            }
            guard let structure = SignedStructure(bytes) else {
                throw AgentError.notAllowed("statements of a registry, or bytes it does not know")
            }
            guard OwnUse.allows(structure, identity, wallTime) else {
                throw AgentError.notAllowed("this structure with this key, or now")
            }
        }
    }

    private static func allows(
        _ structure: SignedStructure,
        _ identity: HeldIdentity,
        _ wallTime: Int64
    ) -> Bool {
        switch structure {
        case .session(let claim):
            let age = wallTime - claim.notBefore
            return claim.identity == identity.id && claim.version == identity.version
                && (claim.use == .server) == identity.isServer
                && (claim.use == .client || claim.chat == identity.id)
                && abs(age) <= AgentLimits.clockToleranceSeconds
                && claim.notAfter > claim.notBefore
                && claim.notAfter - claim.notBefore <= SessionClaim.lifetimeSeconds
        case .checkpoint(let owner): return identity.isServer && owner == identity.id
        case .roomHead(let chat): return identity.isServer && chat == identity.id
        }
    }

    /// Does it; throws `AgentError` where a ciphertext does not open.
    func perform(_ key: RSAPrivateKey) throws(AgentError) -> OwnReply {
        do throws(CryptoError) {
            switch act {
            case .unwrap(let label, let ciphertext):
                return .secret(try key.decrypt(ciphertext, label: label))
            case .signDigest(let scheme, let digest):
                return .signature(try key.signature(ofDigest: digest, scheme: scheme))
            case .signStatement(let bytes): return .signature(try key.signature(over: bytes))
            }
        } catch {
            throw error.code == .authenticationFailed
                ? AgentError.wrongKey : AgentError.failed(error.message)
        }
    }
}
