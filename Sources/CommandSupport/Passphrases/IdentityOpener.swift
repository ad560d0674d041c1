internal import AgentClient
internal import CryptoCore
internal import Failures
public import Keystore

/// Opens one's own identities for uses of their keys: with the agent, if it holds them, else with a
/// passphrase.
public struct IdentityOpener: Sendable {
    let asksAgent: Bool
    let unlocker: any KeyUnlocker

    /// Opens an identity.
    ///
    /// With `unattended`, the agent's key must be one for use while nobody watches. Throws what
    /// `Keystore.unlock` throws.
    public func open(
        _ record: IdentityRecord,
        in keystore: Keystore,
        unattended: Bool = false
    ) throws -> UnlockedIdentity {
        // A key without a passphrase needs no agent.
        if asksAgent, try keystore.needsPassphrase(record), let agent = AgentKeys(),
            let opened = try keystore.open(
                record,
                from: agent,
                unattended: unattended,
                unlocker: unlocker
            )
        {
            return opened
        }
        return try keystore.unlock(record, with: unlocker)
    }
}
