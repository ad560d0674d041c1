internal import CryptoCore
internal import KeyFormats

/// A public key in its SSH form (RFC 4253 § 6.6, RFC 5656 § 3.1, RFC 8709 § 4): of a host, or held.
enum SSHPublicKey: Sendable {
    case rsa(RSAPublicKey)
    case curve(CurvePublicKey)

    static let ed25519 = "ssh-ed25519"
    private static let smallestHostBitCount = 1_024

    /// Reads a key and nothing after it; `nil` for other kinds, certificates too.
    init?(_ blob: [UInt8]) {
        guard blob.count <= AgentLimits.keyBlobByteCount else { return nil }
        var reader = SSHReader(blob.borrowedBytes)
        guard let kind = reader.text(limit: 64) else { return nil }
        if kind == SSHWire.algorithm {
            guard let key = try? SSHWire.key(from: blob),
                key.bitCount >= SSHPublicKey.smallestHostBitCount, SSHWire.blob(of: key) == blob
            else { return nil }
            self = .rsa(key)
            return
        }
        guard let curve = SignatureCurve.allCases.first(where: { $0.algorithm == kind }) else {
            return nil
        }
        if curve != .ed25519 {
            guard reader.bytes() == Array(curve.rawValue.utf8) else { return nil }
        }
        guard let point = reader.bytes(), reader.isAtEnd,
            let key = try? CurvePublicKey(curve, point: point)
        else { return nil }
        self = .curve(key)
    }

    /// Whether a signature in its SSH form was made by the key over `message`.
    func isValidSignature(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        var reader = SSHReader(signature.borrowedBytes)
        guard let algorithm = reader.text(limit: 64), let bytes = reader.bytes(), reader.isAtEnd
        else { return false }
        switch self {
        case .rsa(let key):
            guard let hash = RSASignatureName(rawValue: algorithm)?.hash,
                let digest = try? hash.digest(of: message)
            else { return false }
            return key.isValidSignature(bytes, ofDigest: digest, scheme: .pkcs1(hash))
        case .curve(let key):
            guard algorithm == key.curve.algorithm else { return false }
            guard key.curve != .ed25519 else { return key.isValidSignature(bytes, over: message) }
            var numbers = SSHReader(bytes.borrowedBytes)
            guard let r = numbers.integer(), let s = numbers.integer(), numbers.isAtEnd else {
                return false
            }
            let der = DER.sequence(DER.integer(r.publicBytes) + DER.integer(s.publicBytes))
            return key.isValidSignature(der, over: message)
        }
    }
}

/// The names of RSA signatures (RFC 8332 § 3).
enum RSASignatureName: String {
    case sha256 = "rsa-sha2-256"
    case sha512 = "rsa-sha2-512"

    /// The name that the flags of a request select; `nil` for SHA-1, for both, and for unknown flags.
    init?(flags: Int) {
        switch flags {
        case 2: self = .sha256
        case 4: self = .sha512
        default: return nil
        }
    }

    var hash: HashAlgorithm {
        switch self {
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }
}

extension SignatureCurve {
    /// The name of the key and of its signatures.
    var algorithm: String {
        self == .ed25519 ? SSHPublicKey.ed25519 : "ecdsa-sha2-\(rawValue)"
    }

    /// The SSH form of a key on the curve.
    func blob(_ point: [UInt8]) -> [UInt8] {
        let name = self == .ed25519 ? [] : AgentFrame.text(rawValue)
        return AgentFrame.text(algorithm) + name + SSHWire.string(point)
    }
}
