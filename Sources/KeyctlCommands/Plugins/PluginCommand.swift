internal import ArgumentParser

/// The command `keyctl plugin`.
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "See which formats, recipients and sources keyctl has.",
        discussion: """
            Examples:
              keyctl plugin list
              keyctl plugin list --json
            """,
        subcommands: [PluginListCommand.self]
    )
}
