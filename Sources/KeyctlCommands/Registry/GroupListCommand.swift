internal import ArgumentParser
internal import CommandSupport
internal import Keystore
internal import Registry

/// The command `keyctl group list`.
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
            try global.print(GroupDocument(group, in: keystore.registry.state))
        }
    }
}
