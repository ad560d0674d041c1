internal import ArgumentParser

/// `keyctl plugin`.
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "See what keyctl can do, and trust programs that add to it.",
        discussion: """
            Examples:
              keyctl plugin list
              keyctl plugin test ./keyctl-plugin-hello
              keyctl plugin trust ./keyctl-plugin-hello
              keyctl plugin bind hello --user alice
            """,
        subcommands: [
            PluginListCommand.self, PluginInfoCommand.self, PluginTrustCommand.self,
            PluginUpdateCommand.self, PluginUntrustCommand.self, PluginBindCommand.self,
            PluginUnbindCommand.self, PluginTestCommand.self,
        ]
    )
}
