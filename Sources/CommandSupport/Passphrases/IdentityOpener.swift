internal import AgentClient
internal import CryptoCore
internal import Failures
public import Keystore
internal import PluginHost

/// Opens the user's own identities for uses of their keys: with the agent, if it holds them, else
/// with a passphrase.
public struct IdentityOpener: Sendable {
    let asksAgent: Bool
    /// Whether the plugin that is bound to an identity is asked for its passphrase.
    let asksPlugins: Bool
    /// Whether the conversation with plugins is printed.
    let tracesPlugins: Bool
    /// What is asked for a passphrase otherwise.
    let unlocker: any KeyUnlocker

    /// Opens an identity.
    ///
    /// With `unattended`, the agent's key must be one for use without a person. Throws the errors of
    /// `Keystore.unlock`.
    public func open(
        _ record: IdentityRecord,
        in keystore: Keystore,
        unattended: Bool = false
    ) throws -> UnlockedIdentity {
        // A key without a passphrase needs no agent.
        if asksAgent, try keystore.needsPassphrase(record), let agent = AgentKeys(),
            let opened = try keystore.open(record, from: agent, unattended: unattended)
        {
            return opened
        }
        guard asksPlugins else { return try keystore.unlock(record, with: unlocker) }
        let plugins = try CommandPlugins.plugins(of: keystore.home, traces: tracesPlugins)
        let bound = try plugins.unlocker(for: record.name, then: unlocker)
        return try keystore.unlock(record, with: bound)
    }
}
