internal import CryptoCore

/// How the keys are encrypted while the agent is locked: Argon2id, then AES-256-GCM for each key.
///
/// A lock without keys must also refuse a wrong passphrase, so it has an encrypted proof of its own.
struct KeyringLock {
    private static let parameters = Argon2id.Parameters(memoryKiB: 64 << 10, passes: 3, lanes: 4)
    private static let context = Array("keyctl agent lock v1\n".utf8)

    private let salt: [UInt8]
    private var proof: (nonce: [UInt8], ciphertext: [UInt8]) = ([], [])

    init() throws(CryptoError) {
        salt = try SecureRandom.bytes(count: Argon2id.saltByteCount)
    }

    func key(_ passphrase: Passphrase) throws(CryptoError) -> SecretBytes {
        try passphrase.bytes.withBytes { bytes throws(CryptoError) in
            try Argon2id.derive(from: bytes, salt: salt, parameters: KeyringLock.parameters)
        }
    }

    func proof(_ key: RawSpan) throws(CryptoError) -> (nonce: [UInt8], ciphertext: [UInt8]) {
        try seal([UInt8]().borrowedBytes, key, header: KeyringLock.context)
    }

    mutating func confirm(_ proof: (nonce: [UInt8], ciphertext: [UInt8])) { self.proof = proof }

    func isProven(by key: RawSpan) -> Bool {
        let opened = try? AESGCM.open(
            proof.ciphertext,
            key: key,
            nonce: proof.nonce,
            authenticating: KeyringLock.context
        )
        return opened != nil
    }

    func seal(_ held: HeldKey, _ key: RawSpan) throws(CryptoError) -> HeldKey.Material {
        guard let open = held.key else { return held.material }
        let secret = try open.secret()
        let sealed = try seal(secret.bytes, key, header: KeyringLock.context + held.blob)
        return .sealed(nonce: sealed.nonce, ciphertext: sealed.ciphertext, point: open.point)
    }

    func open(_ held: HeldKey, _ key: RawSpan) throws(CryptoError) -> HeldKey.Material {
        guard case .sealed(let nonce, let ciphertext, let point) = held.material else {
            return held.material
        }
        let secret = try AESGCM.open(
            ciphertext,
            key: key,
            nonce: nonce,
            authenticating: KeyringLock.context + held.blob
        )
        return .open(try HeldPrivateKey(secret.bytes, point))
    }

    private func seal(
        _ plaintext: RawSpan,
        _ key: RawSpan,
        header: [UInt8]
    ) throws(CryptoError) -> (nonce: [UInt8], ciphertext: [UInt8]) {
        let nonce = try SecureRandom.bytes(count: AESGCM.nonceByteCount)
        return (nonce, try AESGCM.seal(plaintext, key: key, nonce: nonce, authenticating: header))
    }
}
