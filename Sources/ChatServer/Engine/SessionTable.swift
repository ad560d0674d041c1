import ChatProtocol
import CryptoCore
import KeyFormats

/// The admitted sessions, by the number of their connection.
struct SessionTable {
    private var sessions: [UInt64: EngineSession] = [:]
    private var counts: [SHA256Digest: Int] = [:]

    /// All sessions, in no order.
    var all: Dictionary<UInt64, EngineSession>.Values { sessions.values }
    /// The numbers of the connections, newest first.
    var newest: [UInt64] { sessions.keys.sorted(by: >) }
    /// The names of the sessions; a session may have two connections for a short time.
    var names: Set<SHA256Digest> { Set(sessions.values.map(\.name)) }
    /// The members with at least one session.
    var members: Set<KeyName> { Set(sessions.values.map(\.member.name)) }

    subscript(id: UInt64) -> EngineSession? { sessions[id] }

    /// The number of sessions of an identity.
    func count(of identity: SHA256Digest) -> Int { counts[identity] ?? 0 }

    /// Adds a session.
    mutating func add(_ session: EngineSession) {
        sessions[session.port.id] = session
        counts[session.member.identity, default: 0] += 1
    }

    /// Removes and returns the session of a connection; `nil` if it was not admitted.
    mutating func remove(_ id: UInt64) -> EngineSession? {
        guard let session = sessions.removeValue(forKey: id) else { return nil }
        let identity = session.member.identity
        let count = count(of: identity)
        counts[identity] = count > 1 ? count - 1 : nil
        return session
    }
}
