public import CryptoCore
internal import KeyFormats

/// A private key in the agent's memory.
public enum HeldPrivateKey: Sendable {
    /// An RSA key: of an identity, or added by `ssh-add`.
    case rsa(RSAPrivateKey)
    /// An Ed25519 or ECDSA key that `ssh-add` added.
    case curve(CurvePrivateKey)

    /// The public half in its SSH form.
    public var blob: [UInt8] {
        switch self {
        case .rsa(let key): SSHWire.blob(of: key.publicKey)
        case .curve(let key): key.publicKey.curve.blob(key.publicKey.point)
        }
    }

    /// The name of the signatures that flags select; `nil` where the key makes none such.
    func signatureName(flags: Int) -> String? {
        switch self {
        case .rsa: RSASignatureName(flags: flags)?.rawValue
        case .curve(let key): flags == 0 ? key.publicKey.curve.algorithm : nil
        }
    }

    /// Signs in the SSH form; throws `CryptoError` if OpenSSL fails.
    func signature(over data: [UInt8], name: String) throws(CryptoError) -> [UInt8] {
        let bytes: [UInt8]
        switch self {
        case .rsa(let key):
            guard let hash = RSASignatureName(rawValue: name)?.hash else {
                preconditionFailure("an RSA signature of an unknown name")
            }
            bytes = try key.signature(ofDigest: hash.digest(of: data), scheme: .pkcs1(hash))
        case .curve(let key):
            let signature = try key.signature(over: data)
            if key.publicKey.curve == .ed25519 {
                bytes = signature
            } else {
                var whole = DERReader(signature)
                var numbers = try whole.sequence()
                let r = try numbers.next(DER.Tag.integer)
                let s = try numbers.next(DER.Tag.integer)
                bytes = SSHWire.string(r) + SSHWire.string(s)  // both are canonical already
            }
        }
        return AgentFrame.text(name) + SSHWire.string(bytes)
    }

    /// The private half as bytes, for `init(_:like:)`; throws `CryptoError` if OpenSSL fails.
    func secret() throws(CryptoError) -> SecretBytes {
        switch self {
        case .rsa(let key): try key.pkcs8DERRepresentation()
        case .curve(let key): try key.scalar()
        }
    }

    /// Reads what `secret` wrote; `point` is `nil` for RSA.
    init(_ secret: RawSpan, _ point: CurvePublicKey?) throws(CryptoError) {
        guard let point else {
            self = .rsa(try RSAPrivateKey(der: secret))
            return
        }
        self = .curve(try CurvePrivateKey(point.curve, scalar: secret, point: point.point))
    }

    /// The public half of a key on a curve; `nil` for RSA.
    var point: CurvePublicKey? {
        switch self {
        case .rsa: nil
        case .curve(let key): key.publicKey
        }
    }
}
