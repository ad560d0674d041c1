internal import ArgumentParser

/// `keyctl git`.
struct GitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "git",
        abstract: "Sign commits and tags of git, and check them by the registry.",
        discussion: """
            Examples:
              keyctl git setup                 in a repository: sign with your one identity
              keyctl git setup --global --user alice
              git log --show-signature         names the registry's people
              keyctl git setup --undo
            """,
        subcommands: [GitSetupCommand.self, GitSSHSignCommand.self]
    )
}
