internal import AgentProtocol
internal import CryptoCore
public import KeyOperations
public import Keystore

/// The identities' keys that this user's agent holds.
public struct AgentKeys: KeyHolder {
    private let client: AgentClient

    /// Asks the agent that the environment names; `nil` where no folder is known.
    public init?() {
        guard let client = AgentClient.standard else { return nil }
        self.client = client
    }

    /// The keys that the agent holds now; none where no agent answers, or it is locked.
    public func keys() -> [any IdentityKey] {
        guard let status = try? client.status() else { return [] }
        return status.keys.compactMap { AgentKey($0, client) }
    }

    /// Whether the agent holds the key with this SubjectPublicKeyInfo.
    public func holds(_ der: [UInt8]) -> Bool {
        keys().contains { (try? $0.publicKey.spkiDERRepresentation()) == der }
    }
}
