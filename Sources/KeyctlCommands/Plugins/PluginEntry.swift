internal import PluginHost
internal import PluginWire

/// An entry of one of the tables of what can vary.
struct PluginEntry: Encodable {
    /// Which table it is in.
    let kind: String
    /// The stable name by which options and files name it.
    let id: String
    /// The version of the program that it belongs to.
    let version: String
    /// What it is, in a few words.
    let title: String
    /// What it can do, as stable words.
    let capabilities: [String]
    /// The plugin that adds it; missing for what is built in.
    let plugin: String?
    /// Whether the plugin is trusted, shipped with keyctl, or untrusted.
    let standing: String?

    /// An entry of a plugin.
    init(
        _ kind: String,
        _ id: String,
        _ title: String,
        _ capabilities: [String],
        of summary: PluginSummary
    ) {
        self.kind = kind
        self.id = id
        version = summary.record?.software ?? "-"
        self.title = title
        self.capabilities = capabilities
        plugin = summary.name.name.description
        standing = summary.standing.rawValue
    }

    /// A built-in entry; its version is keyctl's.
    init(_ kind: String, _ id: String, _ title: String, _ capabilities: [String]) {
        self.kind = kind
        self.id = id
        self.version = Keyctl.version
        self.title = title
        self.capabilities = capabilities
        plugin = nil
        standing = nil
    }
}
