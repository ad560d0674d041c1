internal import ArgumentParser
internal import CommandSupport

/// The command `keyctl plugin list`.
struct PluginListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the recipient kinds, formats, key providers, and other parts.",
        discussion: """
            Each line is an entry of one of keyctl's tables: its kind, the stable name by which \
            options and files name it, its version, and what it can do. All of them are built in, so \
            their version is that of keyctl.

            Examples:
              keyctl plugin list
              keyctl plugin list --json | jq -r '.plugins[] | select(.kind == "recipient") | .id'
            """
    )

    @OptionGroup var global: GlobalOptions

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let plugins: [PluginEntry]
    }

    func run() throws {
        let entries = PluginEntry.builtIn
        guard !global.json else { return try Report.json(Document(plugins: entries)) }
        let rows = entries.map { entry in
            [entry.kind, entry.id, entry.version, entry.capabilities.joined(separator: ", ")]
        }
        Table.print(["KIND", "ID", "VERSION", "CAPABILITIES"], rows)
    }
}
