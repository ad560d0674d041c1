internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl group remove`.
struct GroupRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove names from a group; without a name, all of them.",
        discussion: """
            Removed people can still read files that were encrypted for the group. Rewrap the \
            files:
            keyctl rewrap -r FOLDER --drop NAME.

            Examples:
              keyctl group remove team bob
              keyctl group remove team
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the group.", transform: KeyName.argument)
    var group: KeyName
    @Argument(help: "Names of the members to remove.", transform: KeyName.argument)
    var names: [KeyName] = []

    func run() throws {
        var keystore = try global.existingKeystore()
        try keystore.changeRegistry("group", group) { state in
            guard let members = state.members(ofGroup: group) else {
                throw CommandError.usage(
                    "there is no group \"\(group)\"",
                    hint: "see all groups: keyctl group list"
                )
            }
            let leaving = names.isEmpty ? members : names
            for name in leaving where !members.contains(name) {
                throw CommandError.usage("\"\(name)\" is not in the group \"\(group)\"")
            }
            return leaving.map { Statement(.leave(group: group, name: $0), time: .now) }
        }
        try global.print(GroupDocument(group, in: keystore.registry.state))
    }
}
