internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl remove`.
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a name out of the registry.",
        discussion: """
            What was known of the name is remembered: the same key may come back, another one only
            with keyctl import --replace.

            Examples:
              keyctl remove bob
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the key.", transform: KeyName.argument)
    var name: KeyName

    private struct Document: Encodable {
        let version = 1
        let removed: String
    }

    func run() throws {
        var keystore = try global.keystore()
        guard try !keystore.records().contains(where: { $0.name == name }) else {
            throw CommandError.usage(
                "\"\(name)\" is your own identity; its private key is not removed",
                hint: "if nobody is to trust it any more: keyctl revoke \(name)"
            )
        }
        try keystore.changeRegistry("remove", name) { state in
            _ = try state.known(name)
            return [Statement(.remove(name: name), time: .now)]
        }
        guard !global.json else { return try Report.json(Document(removed: name.description)) }
        Report.result("removed \(name)")
    }
}
