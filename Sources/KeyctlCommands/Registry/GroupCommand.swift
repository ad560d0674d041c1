internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl group`.
struct GroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Make groups of people, which can be recipients.",
        discussion: """
            Groups are stored in your registry, like names.

            Examples:
              keyctl group add team alice bob
              keyctl encrypt -r team -o plan.pdf.age plan.pdf
              keyctl group remove team bob
              keyctl group list
            """,
        subcommands: [GroupAddCommand.self, GroupRemoveCommand.self, GroupListCommand.self]
    )
}
