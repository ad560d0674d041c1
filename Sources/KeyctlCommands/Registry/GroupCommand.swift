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

    static func print(_ group: KeyName, _ keystore: Keystore, json: Bool) throws {
        let members = (keystore.registry.state.members(ofGroup: group) ?? []).map(\.description)
        guard !json else {
            return try Report.json(GroupDocument(name: group.description, members: members))
        }
        Report.result("\(group): \(members.isEmpty ? "nobody" : members.joined(separator: ", "))")
    }
}

/// A group, as `--json` prints it.
struct GroupDocument: Encodable {
    let version = 1
    let name: String
    let members: [String]
}

/// `keyctl group add`.
struct GroupAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Put names into a group, which is made where it is not there.",
        discussion: """
            In a server's home, the group "lobby" is who the chat's room is for; while there was \
            none, it is for everybody who is registered.

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
        try GroupCommand.print(group, keystore, json: global.json)
    }
}

/// `keyctl group remove`.
struct GroupRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take names out of a group; with no name, everybody.",
        discussion: """
            Files that were encrypted for the group stay readable for who left:
            keyctl rewrap -r FOLDER --drop NAME.

            Examples:
              keyctl group remove team bob
              keyctl group remove team
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the group.", transform: KeyName.argument)
    var group: KeyName
    @Argument(help: "Names of those who leave.", transform: KeyName.argument)
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
        try GroupCommand.print(group, keystore, json: global.json)
    }
}

/// `keyctl group list`.
struct GroupListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the groups and who is in them.",
        discussion: """
            Examples:
              keyctl group list --json
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let keystore = try global.keystore()
        for group in keystore.registry.state.groupNames {
            try GroupCommand.print(group, keystore, json: global.json)
        }
    }
}
