internal import CryptoCore

/// A key that the agent holds, and its terms.
struct HeldKey {
    /// The private half, or what is left of it while the agent is locked.
    enum Material {
        case open(HeldPrivateKey)
        case sealed(nonce: [UInt8], ciphertext: [UInt8], point: CurvePublicKey?)
    }

    /// The public half in its SSH form.
    let blob: [UInt8]
    /// SHA-256 of `blob`.
    let fingerprint: SHA256Digest
    /// What it is called.
    let comment: String
    /// The identity's version; `nil` for a key that `ssh-add` added.
    let identity: HeldIdentity?
    /// Its terms.
    let policy: KeyPolicy
    /// When it is removed.
    let expires: AgentTime?
    var material: Material
    /// When it was used last; at first when it was added.
    var lastUse: AgentTime

    init(
        _ key: HeldPrivateKey,
        comment: String,
        identity: HeldIdentity?,
        policy: KeyPolicy,
        now: AgentTime
    ) {
        blob = key.blob
        fingerprint = SHA256Digest(hashing: blob)
        self.comment = comment
        self.identity = identity
        self.policy = policy
        expires = policy.lifetime.map { now.adding(seconds: $0) }
        material = .open(key)
        lastUse = now
    }

    /// The private half; `nil` while the agent is locked.
    var key: HeldPrivateKey? {
        switch material {
        case .open(let key): key
        case .sealed: nil
        }
    }

    /// When it is removed if it is not used.
    var end: AgentTime? {
        let idle = policy.idleSeconds.map { lastUse.adding(seconds: $0) }
        guard let idle, let expires else { return idle ?? expires }
        return min(idle, expires)
    }

    /// Whether `ssh` is offered the key: a version that only decrypts is not for logins.
    var isForSSH: Bool { identity?.signs ?? true }

    /// What a person is told of the key.
    var title: String {
        let fingerprint = "SHA256:" + Base64.encode(fingerprint.bytes, padded: false)
        guard let identity else { return "\(comment) (\(fingerprint))" }
        return "\(identity.name), version \(identity.version) (\(fingerprint))"
    }
}
