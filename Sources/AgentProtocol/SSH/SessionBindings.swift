internal import CryptoCore
internal import KeyFormats

/// The hops of a connection to the agent, as `session-bind@openssh.com` told them.
struct SessionBindings {
    /// One hop: the host, and the session with it.
    struct Hop: Equatable {
        let hostKey: [UInt8]
        let session: [UInt8]
        let isForwarded: Bool
    }

    /// The hops that were verified, from this machine on.
    private(set) var hops: [Hop] = []
    /// Whether a bind was tried: from then on, requests may come from another machine.
    private(set) var isRemote = false
    /// The messages of all attempts, for an agent behind us; none if there is no such agent.
    private(set) var attempts: [[UInt8]] = []
    /// Whether the attempts are complete.
    private(set) var isComplete = true
    private let keepsAttempts: Bool

    /// Begins without a hop.
    init(keepsAttempts: Bool) { self.keepsAttempts = keepsAttempts }

    /// Takes the fields after the extension's name; returns whether the hop was recorded.
    mutating func bind(_ fields: [UInt8], message: [UInt8]) -> Bool {
        isRemote = true
        if keepsAttempts,
            attempts.count < AgentLimits.bindCount,
            message.count <= AgentLimits.bindByteCount
        {
            attempts.append(message)
        } else {
            isComplete = false
        }
        var reader = SSHReader(fields.borrowedBytes)
        guard let hostKey = reader.bytes(), let session = reader.bytes(),
            let signature = reader.bytes(), let flag = reader.byte(), flag <= 1, reader.isAtEnd,
            (1...AgentLimits.sessionByteCount).contains(session.count),
            let key = SSHPublicKey(hostKey), key.isValidSignature(signature, over: session)
        else { return false }
        for hop in hops {
            // A session that is for a login has no sessions behind it.
            guard hop.isForwarded else { return false }
            if hop.session == session { return hop.hostKey == hostKey }
        }
        guard hops.count < AgentLimits.bindCount else { return false }
        hops.append(Hop(hostKey: hostKey, session: session, isForwarded: flag == 1))
        return true
    }
}
