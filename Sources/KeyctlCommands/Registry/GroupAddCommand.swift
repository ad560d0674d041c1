internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl group add`.
struct GroupAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add names to a group; the group is made if it does not exist.",
        discussion: """
            In a server's home, the group "lobby" limits the chat's room to its members. If there \
            never was such a group, the room is for every registered person.

            Examples:
              keyctl group add team alice bob
              keyctl group add lobby alice bob
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the group.", transform: KeyName.argument)
    var group: KeyName
    @Argument(help: "Names of its members.", transform: KeyName.argument)
    var names: [KeyName]

    func run() throws {
        var keystore = try global.existingKeystore()
        try keystore.changeRegistry("group", group) { state in
            guard state.identity(group) == nil else {
                throw CommandError.usage(
                    "\"\(group)\" is the name of a key, so it cannot be the name of a group",
                    hint: "choose another name for the group"
                )
            }
            let present = Set(state.members(ofGroup: group) ?? [])
            var seen = present
            return try names.compactMap { name in
                _ = try state.known(name)
                guard seen.insert(name).inserted else { return nil }
                return Statement(.join(group: group, name: name), time: .now)
            }
        }
        try global.print(GroupDocument(group, in: keystore.registry.state))
    }
}
