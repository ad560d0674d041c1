internal import CryptoCore
internal import KeyFormats

/// What the agent tells of itself.
public struct AgentStatus: Sendable, Equatable {
    /// What the shell knows of the process.
    public struct Process: Sendable, Equatable {
        /// Its id.
        public let id: Int
        /// The path of the SSH socket.
        public let sshSocket: String
        /// The path of the own socket.
        public let ownSocket: String
        /// The socket of the agent before it; `nil` where there is none.
        public let earlierAgent: String?
        /// Whether all of its memory is locked against swapping.
        public let locksMemory: Bool
        /// Whether the heap for secrets is.
        public let locksSecrets: Bool

        /// Tells of a process.
        public init(
            id: Int,
            sshSocket: String,
            ownSocket: String,
            earlierAgent: String?,
            locksMemory: Bool,
            locksSecrets: Bool
        ) {
            self.id = id
            self.sshSocket = sshSocket
            self.ownSocket = ownSocket
            self.earlierAgent = earlierAgent
            self.locksMemory = locksMemory
            self.locksSecrets = locksSecrets
        }
    }

    /// The process.
    public let process: Process
    /// Whether the agent is locked.
    public let isLocked: Bool
    /// The keys, in the order in which they were added; none while it is locked.
    public let keys: [AgentKeyStatus]

    private enum Flag {
        static let isLocked: UInt8 = 1
        static let locksMemory: UInt8 = 2
        static let locksSecrets: UInt8 = 4
    }

    init(_ process: Process, _ keyring: Keyring, now: AgentTime) {
        self.process = process
        isLocked = keyring.isLocked
        keys = keyring.isLocked ? [] : keyring.keys.map { AgentKeyStatus($0, now: now) }
    }

    init?(_ reader: inout SSHReader) {
        guard let id = reader.number(), let flags = reader.byte(),
            let sshSocket = reader.text(limit: AgentLimits.pathByteCount),
            let ownSocket = reader.text(limit: AgentLimits.pathByteCount),
            let earlier = reader.text(limit: AgentLimits.pathByteCount),
            let count = reader.number(), count <= AgentLimits.keyCount
        else { return nil }
        var keys: [AgentKeyStatus] = []
        for _ in 0..<count {
            guard let key = AgentKeyStatus(&reader) else { return nil }
            keys.append(key)
        }
        process = Process(
            id: id,
            sshSocket: sshSocket,
            ownSocket: ownSocket,
            earlierAgent: earlier.isEmpty ? nil : earlier,
            locksMemory: flags & Flag.locksMemory != 0,
            locksSecrets: flags & Flag.locksSecrets != 0
        )
        isLocked = flags & Flag.isLocked != 0
        self.keys = keys
    }

    /// The fields, as `init` reads them.
    var encoded: [UInt8] {
        let flags =
            (isLocked ? Flag.isLocked : 0) | (process.locksMemory ? Flag.locksMemory : 0)
            | (process.locksSecrets ? Flag.locksSecrets : 0)
        return SSHWire.number(process.id) + [flags] + AgentFrame.text(process.sshSocket)
            + AgentFrame.text(process.ownSocket) + AgentFrame.text(process.earlierAgent ?? "")
            + SSHWire.number(keys.count) + keys.flatMap(\.encoded)
    }
}
