internal import ArgumentParser
internal import CommandSupport

/// `keyctl plugin list`.
struct PluginListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what can vary: recipients, formats, key providers, and more.",
        discussion: """
            Each line is an entry of one of keyctl's tables: its kind, the stable name by which \
            options and files name it, its version, and what it can do. Behind them are plugins: \
            what each adds, if it is trusted, and the plugins that are installed but not trusted. No \
            plugin is started.

            Examples:
              keyctl plugin list
              keyctl plugin list --json | jq -r '.plugins[] | select(.kind == "recipient") | .id'
            """
    )

    @OptionGroup var global: GlobalOptions

    private struct Document: Encodable {
        let version = 1
        let plugins: [PluginEntry]
    }

    func run() throws {
        let entries = try PluginEntry.builtIn + PluginEntry.external(global.plugins)
        guard !global.json else { return try Report.json(Document(plugins: entries)) }
        let rows = entries.map { entry in
            var words = entry.capabilities
            if let plugin = entry.plugin, let standing = entry.standing {
                words.append("plugin \(plugin) (\(standing))")
            }
            return [entry.kind, entry.id, entry.version, words.joined(separator: ", ")]
        }
        Table.print(["KIND", "ID", "VERSION", "CAPABILITIES"], rows)
    }
}
