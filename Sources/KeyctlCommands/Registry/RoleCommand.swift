internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl role`.
struct RoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Set the role of a person in the chat of your server.",
        discussion: """
            A member takes part; an admin may also shut the server down. A running server notices \
            at once.

            Examples:
              keyctl role alice admin
              keyctl role alice member
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the key.", transform: KeyName.argument)
    var name: KeyName
    @Argument(help: "member or admin.")
    var role: String

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let name: String
        let role: String

        func printText() { Report.result("\(name): \(role)") }
    }

    func validate() throws {
        guard role == "member" || role == "admin" else {
            throw ValidationError("the role must be member or admin")
        }
    }

    func run() throws {
        guard let chosen = Role(rawValue: role) else { return }
        var keystore = try global.existingKeystore()
        try keystore.changeRegistry("role", name) { state in
            let identity = try state.known(name)
            guard identity.role != .server else {
                throw CommandError.usage(
                    "\"\(name)\" is a server's identity, and its role cannot be changed"
                )
            }
            return identity.role == chosen
                ? [] : [Statement(.assign(name: name, role: chosen), time: .now)]
        }
        try global.print(Document(name: name.description, role: role))
    }
}
