internal import AgentClient
internal import AgentProtocol
internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats

/// `keyctl agent remove`.
struct AgentRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove keys from the agent's memory.",
        discussion: """
            Examples:
              keyctl agent remove alice
              keyctl agent remove --all
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Names of identities.", transform: KeyName.argument)
    var names: [KeyName] = []
    @Flag(help: "Remove every key, also those that ssh-add added.")
    var all = false

    func validate() throws {
        guard all == names.isEmpty else { throw ValidationError("give names, or --all") }
    }

    func run() throws {
        let client = try AgentCommand.client()
        guard !all else { return try client.perform(.remove(nil)) }
        for name in names { try client.perform(.remove(name.description)) }
    }
}
