internal import PluginHost
internal import PluginWire

/// One entry of a table of key formats, recipient kinds, key providers and so on, for `keyctl
/// plugin list`.
struct PluginEntry: Encodable {
    /// The name of the table.
    let kind: String
    /// The stable name that options and files use for the entry.
    let id: String
    /// The version of the program that contains the entry.
    let version: String
    /// A short description for lists.
    let title: String
    /// The capabilities of the entry, as stable words.
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

    /// Creates the entry of a part that is built in; its version is keyctl's.
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
