public import CryptoCore

/// Runs plugins of age; `AgePlugins` has the one that starts programs.
///
/// It is called only for recipients and identities that the user gave.
public protocol AgePluginRunner {
    /// Wraps a file key for recipients of one plugin, in one conversation.
    func wrap(_ fileKey: RawSpan, for recipients: [AgePlugin.Recipient]) throws -> AgeWrapping
    /// The file key of a file's stanzas, found with identities of one plugin in one conversation;
    /// `nil` where none of them opens it.
    func unwrap(
        _ stanzas: [AgeStanza],
        with identities: [AgePlugin.Identity]
    ) throws
        -> SecretBytes?
}

/// What wrapping a file key gave.
public struct AgeWrapping: Sendable {
    /// The wrapped copies, at least one.
    public let stanzas: [AgeStanza]
    /// The labels, which all recipients of a file must have alike.
    public let labels: Set<String>

    /// Takes stanzas and labels.
    public init(stanzas: [AgeStanza], labels: Set<String>) {
        self.stanzas = stanzas
        self.labels = labels
    }
}
