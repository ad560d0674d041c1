internal import CryptoCore
internal import KeyFormats

/// On what terms the agent holds a key.
public struct KeyPolicy: Sendable, Equatable {
    /// After how many seconds the key is removed; `nil`: never.
    public var lifetime: Int?
    /// After how many seconds without use it is removed; `nil`: never.
    public var idleSeconds: Int?
    /// Whether a person confirms each use.
    public var confirms = false
    /// Whether programs may use it while nobody watches.
    public var isUnattended = false
    /// The logins that it may be used for; empty: all.
    public var hosts: [DestinationConstraint] = []

    private enum Flag {
        static let confirms: UInt8 = 1
        static let isUnattended: UInt8 = 2
    }

    /// No terms.
    public init() {}

    /// Reads the fields of an ADD; `nil` if they are damaged or contradict each other.
    init?(_ reader: inout SSHReader) {
        guard let lifetime = reader.number(), let idle = reader.number(),
            lifetime <= AgentLimits.longestPolicySeconds, idle <= AgentLimits.longestPolicySeconds,
            let flags = reader.byte(), flags & ~(Flag.confirms | Flag.isUnattended) == 0,
            let bytes = reader.bytes(), let hosts = DestinationConstraint.list(bytes)
        else { return nil }
        self.lifetime = lifetime == 0 ? nil : lifetime
        idleSeconds = idle == 0 ? nil : idle
        confirms = flags & Flag.confirms != 0
        isUnattended = flags & Flag.isUnattended != 0
        self.hosts = hosts
        // A key that waits for a person is not there at night.
        guard !isUnattended || !confirms && idleSeconds == nil else { return nil }
    }

    /// The fields, as `init` reads them.
    var encoded: [UInt8] {
        SSHWire.number(lifetime ?? 0) + SSHWire.number(idleSeconds ?? 0)
            + [(confirms ? Flag.confirms : 0) | (isUnattended ? Flag.isUnattended : 0)]
            + SSHWire.string(DestinationConstraint.encode(hosts))
    }

    /// Reads the constraints behind a key of `ssh-add` (RFC 9987, ADD_ID_CONSTRAINED).
    ///
    /// `nil` if one is unknown, damaged or there twice.
    init?(constraints reader: inout SSHReader) {
        var hosts: [DestinationConstraint]?
        while !reader.isAtEnd {
            switch reader.byte() {
            case 1:
                guard lifetime == nil, let seconds = reader.number(),
                    (1...AgentLimits.longestPolicySeconds).contains(seconds)
                else { return nil }
                lifetime = seconds
            case 2:
                guard !confirms else { return nil }
                confirms = true
            case 255:
                guard hosts == nil, reader.text(limit: 64) == DestinationConstraint.name,
                    let bytes = reader.bytes(), let list = DestinationConstraint.list(bytes),
                    !list.isEmpty
                else { return nil }
                hosts = list
            default: return nil
            }
        }
        self.hosts = hosts ?? []
    }
}
