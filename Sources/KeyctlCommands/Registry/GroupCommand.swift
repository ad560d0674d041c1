internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl group`.
struct GroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Put people into groups, which stand for all of them as recipients.",
        discussion: """
            Groups are lines of your registry, as names are.

            Examples:
              keyctl group add team alice bob
              keyctl encrypt -r team -o plan.pdf.age plan.pdf
              keyctl group remove team bob
              keyctl group list
            """,
        subcommands: [GroupAddCommand.self, GroupRemoveCommand.self, GroupListCommand.self]
    )
}
