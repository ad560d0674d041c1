internal import AgeFiles
internal import CommandSupport
internal import KeyFormats
internal import KeySync
internal import Keystore
internal import Signatures

extension PluginEntry {
    /// All entries of all tables.
    static var builtIn: [PluginEntry] {
        var entries = RecipientKinds.all.map { PluginEntry($0) }
        entries += KeyFormats.all.map { PluginEntry($0) }
        entries += SignatureFormats.all.map { PluginEntry($0) }
        entries += PassphraseSources.all.map { PluginEntry($0) }
        entries += RegistryExporters.all.map { PluginEntry($0) }
        entries += KeyProviders.builtIn.all.map { PluginEntry($0) }
        return entries
    }

    private init(_ kind: any RecipientKind) {
        let isMadeHere = kind is any AgeKeyKind
        self.init(
            "recipient",
            kind.stanzaType,
            kind.title,
            ["wrap", "unwrap"] + (isMadeHere ? ["generate"] : [])
                + PluginEntry.words([
                    "alone": kind.company == .alone, "post-quantum": kind.company == .postQuantum,
                ])
        )
    }

    private init(_ format: any KeyFormat) {
        let content = format.content
        self.init(
            "key-format",
            format.id,
            format.title,
            PluginEntry.words([
                "public": content.holdsPublicKeys, "private": content.holdsPrivateKeys,
                "encrypt": content.isEncryptable, "several": content.isList,
                "needs-private-key": content.needsSigner,
            ])
        )
    }

    private init(_ format: any SignatureFormat) {
        self.init(
            "signature-format",
            format.id,
            format.title,
            PluginEntry.words([
                "sign": true, "verify": true, "namespace": format.hasNamespace,
                "names-key": format.namesKey,
            ])
        )
    }

    private init(_ source: any PassphraseSourceKind) {
        self.init(
            "passphrase-source",
            source.id,
            source.title,
            PluginEntry.words(["read": true, "read-again": source.canBeReadAgain])
        )
    }

    private init(_ exporter: any RegistryExporter) {
        self.init("registry-exporter", exporter.id, exporter.title, ["sync"])
    }

    private init(_ provider: any KeyProvider) {
        self.init("key-provider", provider.id, provider.title, ["sign", "decrypt"])
    }

    /// Returns the keys whose value is `true`, in their order.
    private static func words(_ all: KeyValuePairs<String, Bool>) -> [String] {
        var words: [String] = []
        for (word, isTrue) in all where isTrue { words.append(word) }
        return words
    }
}
