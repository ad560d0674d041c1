internal import CryptoCore
internal import KeyFormats

/// What the agent tells of a key that it holds.
public struct AgentKeyStatus: Sendable, Equatable {
    /// The public half in its SSH form.
    public let blob: [UInt8]
    /// What it is called.
    public let comment: String
    /// The identity's name; `nil` for a key that `ssh-add` added.
    public let name: String?
    /// The identity's version; 0 without a name.
    public let version: Int
    /// Whether it signs; else it only decrypts.
    public let signs: Bool
    /// Whether a person confirms each use.
    public let confirms: Bool
    /// Whether programs may use it while nobody watches.
    public let isUnattended: Bool
    /// Whether a server runs under the identity.
    public let isServer: Bool
    /// Whether its logins are limited to hosts.
    public let hasHosts: Bool
    /// In how many seconds it is removed; `nil`: never.
    public let remainingSeconds: Int?
    /// After how many seconds without use it is removed; `nil`: never.
    public let idleSeconds: Int?

    private enum Flag {
        static let signs: UInt8 = 1
        static let confirms: UInt8 = 2
        static let isUnattended: UInt8 = 4
        static let isServer: UInt8 = 8
        static let hasHosts: UInt8 = 16
    }

    init(_ key: HeldKey, now: AgentTime) {
        blob = key.blob
        comment = key.comment
        name = key.identity?.name
        version = key.identity?.version ?? 0
        signs = key.isForSSH
        confirms = key.policy.confirms
        isUnattended = key.policy.isUnattended
        isServer = key.identity?.isServer ?? false
        hasHosts = !key.policy.hosts.isEmpty
        remainingSeconds = key.expires.map {
            max(1, Int(($0.milliseconds - now.milliseconds) / 1_000))
        }
        idleSeconds = key.policy.idleSeconds
    }

    init?(_ reader: inout SSHReader) {
        guard let blob = reader.bytes(),
            let comment = reader.text(limit: AgentLimits.commentByteCount),
            let name = reader.text(limit: AgentLimits.commentByteCount),
            let version = reader.number(), let flags = reader.byte(),
            let remaining = reader.number(), let idle = reader.number()
        else { return nil }
        self.blob = blob
        self.comment = comment
        self.name = name.isEmpty ? nil : name
        self.version = version
        signs = flags & Flag.signs != 0
        confirms = flags & Flag.confirms != 0
        isUnattended = flags & Flag.isUnattended != 0
        isServer = flags & Flag.isServer != 0
        hasHosts = flags & Flag.hasHosts != 0
        remainingSeconds = remaining == 0 ? nil : remaining
        idleSeconds = idle == 0 ? nil : idle
    }

    /// The fields, as `init` reads them.
    var encoded: [UInt8] {
        let flags =
            (signs ? Flag.signs : 0) | (confirms ? Flag.confirms : 0)
            | (isUnattended ? Flag.isUnattended : 0) | (isServer ? Flag.isServer : 0)
            | (hasHosts ? Flag.hasHosts : 0)
        return SSHWire.string(blob) + AgentFrame.text(comment) + AgentFrame.text(name ?? "")
            + SSHWire.number(version) + [flags] + SSHWire.number(remainingSeconds ?? 0)
            + SSHWire.number(idleSeconds ?? 0)
    }

    /// The fingerprint: SHA-256 of the SSH form.
    public var fingerprint: String {
        "SHA256:" + Base64.encode(SHA256Digest(hashing: blob).bytes, padded: false)
    }

    /// The kind of the key, as SSH names it.
    public var kind: String {
        var reader = SSHReader(blob.borrowedBytes)
        return reader.text(limit: 64) ?? ""
    }
}
