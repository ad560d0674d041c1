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
            What was known of the name is remembered: the same key may come back, another one only \
            with keyctl import --replace. Of your own, only an identity that was made with \
            gen --pending and never promoted is removed.

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
        let kept: String?
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        if let record = try keystore.records().first(where: { $0.name == name }) {
            guard !record.isPending else { return try report(keystore.discard(record)) }
            throw CommandError.usage(
                "\"\(name)\" is your own identity, and its private key cannot be removed",
                hint: "to end the trust in it: keyctl revoke \(name)"
            )
        }
        try keystore.changeRegistry("remove", name) { state in
            _ = try state.known(name)
            return [Statement(.remove(name: name), time: .now)]
        }
        try report(nil)
    }

    private func report(_ kept: String?) throws {
        guard !global.json else {
            return try Report.json(Document(removed: name.description, kept: kept))
        }
        Report.result("removed \(name)")
        if let kept {
            Report.note("the identity was not in use yet; its sealed key is kept in \(kept)")
        }
    }
}
