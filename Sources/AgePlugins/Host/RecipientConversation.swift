public import AgeFiles
public import CryptoCore
internal import KeyFormats
internal import PluginProcess

/// The host's side of `recipient-v1`: it has one file key wrapped for recipients of one plugin.
public struct RecipientConversation: HostConversation, ~Copyable {
    /// The state machine.
    public static let machine = "recipient-v1"
    /// The plugin.
    public let plugin: AgePluginName
    /// The first error that the plugin has reported.
    public private(set) var reported: AgePluginError?
    private let fileKey: SecretBytes
    private let recipients: [AgePlugin.Recipient]
    private var stanzas: [AgeStanza] = []
    private var labels: Set<String>?

    /// Takes a file key, and recipients of the plugin.
    public init(
        _ plugin: AgePluginName,
        wrapping fileKey: RawSpan,
        for recipients: [AgePlugin.Recipient]
    ) {
        self.plugin = plugin
        self.recipients = recipients
        self.fileKey = SecretBytes(copying: fileKey)
    }

    /// Recipients and identities, the file key, and that labels are understood.
    public func opening(_ grease: PluginGrease) -> SecretBytes {
        var writer = PluginFrameWriter()
        for recipient in recipients {
            switch recipient.source {
            case .recipient(let text):
                writer.add("add-recipient", about: Array(text.utf8).borrowedBytes)
            case .identity(let identity):
                identity.withText { writer.add("add-identity", about: $0) }
            }
        }
        grease.add(to: &writer)
        writer.add(PluginFrame("wrap-file-key", body: fileKey.copy()))
        writer.add("extension-labels")
        writer.add("done")
        return writer.finish()
    }

    /// Takes a message of the plugin.
    public mutating func receive(
        _ frame: borrowing PluginFrame
    ) throws(AgePluginError) -> PluginHostAction {
        switch frame.type {
        case "recipient-stanza": try addStanza(frame)
        case "labels": try setLabels(frame)
        case "error": reported = try error(frame)
        case "done": return .finish
        default: return try shared(frame)
        }
        return .answer(.done)
    }

    /// What the plugin gave, after it has finished; throws `AgePluginError` where that is nothing.
    public consuming func finish() throws(AgePluginError) -> AgeWrapping {
        guard !stanzas.isEmpty else { throw AgePluginError.noStanza }
        return AgeWrapping(stanzas: stanzas, labels: labels ?? [])
    }

    private mutating func addStanza(_ frame: borrowing PluginFrame) throws(AgePluginError) {
        guard frame.arguments.count >= 2 else { throw AgePluginError.malformed(frame.type) }
        // One file key was sent.
        guard PluginIndex.parse(frame.arguments[0]) == 0 else {
            throw AgePluginError.wrongIndex(frame.type)
        }
        guard stanzas.count < AgeHeader.largestStanzaCount else { throw AgePluginError.tooMany }
        stanzas.append(
            AgeStanza(
                type: frame.arguments[1],
                arguments: Array(frame.arguments.dropFirst(2)),
                body: frame.body.publicBytes
            )
        )
    }

    private mutating func setLabels(_ frame: borrowing PluginFrame) throws(AgePluginError) {
        guard labels == nil else { throw AgePluginError.repeated(frame.type) }
        let all = Set(frame.arguments)
        guard all.count == frame.arguments.count else { throw AgePluginError.malformed(frame.type) }
        labels = all
    }

    private func error(_ frame: borrowing PluginFrame) throws(AgePluginError) -> AgePluginError {
        let text = PluginText.reason(frame.text)
        let arguments = frame.arguments
        guard let kind = arguments.first else { throw AgePluginError.malformed(frame.type) }
        let isIdentity = kind == "identity"
        guard isIdentity || kind == "recipient" else {
            return AgePluginError.reported(plugin, text)
        }
        guard arguments.count == 2, let index = PluginIndex.parse(arguments[1]) else {
            throw AgePluginError.malformed(frame.type)
        }
        // Recipients and identities are numbered apart, in their order.
        let named = recipients.filter { recipient in
            switch recipient.source {
            case .recipient: !isIdentity
            case .identity: isIdentity
            }
        }
        guard index < named.count else { throw AgePluginError.wrongIndex(frame.type) }
        return AgePluginError.reported(plugin, "it cannot use \(named[index].name): \(text)")
    }
}
