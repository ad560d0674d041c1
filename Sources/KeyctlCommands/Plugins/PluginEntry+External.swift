internal import CryptoCore
internal import PluginHost
internal import PluginWire

extension PluginEntry {
    /// What plugins add, as it is recorded; a plugin that was never asked is one entry.
    static func external(_ plugins: Plugins) throws -> [PluginEntry] {
        var entries: [PluginEntry] = []
        for summary in try plugins.summaries() {
            let name = summary.name.name.description
            guard summary.name.isPlugin else {
                entries.append(
                    PluginEntry("command", name, "command keyctl \(name)", [], of: summary)
                )
                continue
            }
            guard summary.record != nil else {
                entries.append(PluginEntry("plugin", name, "plugin", [], of: summary))
                continue
            }
            for offer in summary.offers { entries.append(PluginEntry(offer, summary)) }
        }
        return entries
    }

    private init(_ offer: Offer, _ summary: PluginSummary) {
        let (kind, words) = PluginEntry.words(of: offer.capability)
        self.init(kind, offer.id.description, offer.title, words, of: summary)
    }

    /// The table and the words of a capability.
    static func words(of capability: Offer.Capability) -> (kind: String, words: [String]) {
        switch capability {
        case .provider: ("key-provider", ["sign", "decrypt", "generate"])
        case .format(let format): ("key-format", format.content.map(\.rawValue).sorted())
        case .signature(let format):
            (
                "signature-format",
                ["sign", "verify"] + format.flags.map(\.rawValue).sorted()
                    + [format.hash.rawValue]
            )
        case .secret: ("passphrase-source", ["bind"])
        case .export: ("registry-exporter", ["sync"])
        }
    }

    /// The ids and names that no plugin may have.
    static var reservedIDs: Set<String> { Set(builtIn.map(\.id)) }
}
