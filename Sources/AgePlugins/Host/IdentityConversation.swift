public import AgeFiles
public import CryptoCore
internal import PluginProcess

/// The host's side of `identity-v1`: it has the stanzas of one file opened by identities of one
/// plugin.
public struct IdentityConversation: HostConversation, ~Copyable {
    /// The state machine.
    public static let machine = "identity-v1"
    /// The plugin.
    public let plugin: AgePluginName
    /// The first error that the plugin has reported.
    public private(set) var reported: AgePluginError?
    private let identities: [AgePlugin.Identity]
    private let stanzas: [AgeStanza]
    private var fileKey: SecretBytes?

    /// Takes all stanzas of a file, and identities of the plugin.
    public init(
        _ plugin: AgePluginName,
        unwrapping stanzas: [AgeStanza],
        with identities: [AgePlugin.Identity]
    ) {
        self.plugin = plugin
        self.stanzas = stanzas
        self.identities = identities
    }

    /// Identities, and the stanzas of the one file.
    public func opening(_ grease: PluginGrease) -> SecretBytes {
        var writer = PluginFrameWriter()
        for identity in identities { identity.withText { writer.add("add-identity", about: $0) } }
        grease.add(to: &writer)
        for stanza in stanzas { writer.add("recipient-stanza", index: 0, stanza) }
        writer.add("done")
        return writer.finish()
    }

    /// Takes a message of the plugin.
    public mutating func receive(
        _ frame: borrowing PluginFrame
    ) throws(AgePluginError) -> PluginHostAction {
        switch frame.type {
        case "file-key":
            guard frame.arguments.count == 1 else { throw AgePluginError.malformed(frame.type) }
            guard PluginIndex.parse(frame.arguments[0]) == 0 else {
                throw AgePluginError.wrongIndex(frame.type)
            }
            guard frame.body.count == AgeHeader.fileKeyByteCount else {
                throw AgePluginError.badFileKey
            }
            guard fileKey == nil else { throw AgePluginError.repeated(frame.type) }
            fileKey = frame.body.copy()
        case "error": reported = try error(frame)
        case "done": return .finish
        default: return try shared(frame)
        }
        return .answer(.done)
    }

    /// The file key, after the plugin has finished; `nil` where no identity opens the file.
    public consuming func finish() -> SecretBytes? { fileKey }

    private func error(_ frame: borrowing PluginFrame) throws(AgePluginError) -> AgePluginError {
        let text = PluginText.reason(frame.text)
        let arguments = frame.arguments
        switch arguments.first {
        case "identity":
            guard arguments.count == 2, let index = PluginIndex.parse(arguments[1]) else {
                throw AgePluginError.malformed(frame.type)
            }
            guard index < identities.count else { throw AgePluginError.wrongIndex(frame.type) }
            return AgePluginError.reported(plugin, text)
        case "stanza":
            guard arguments.count == 3, let file = PluginIndex.parse(arguments[1]),
                let index = PluginIndex.parse(arguments[2])
            else { throw AgePluginError.malformed(frame.type) }
            guard file == 0, index < stanzas.count else {
                throw AgePluginError.wrongIndex(frame.type)
            }
            return AgePluginError.reported(plugin, "it cannot use stanza \(index + 1): \(text)")
        case nil: throw AgePluginError.malformed(frame.type)
        default: return AgePluginError.reported(plugin, text)
        }
    }
}
