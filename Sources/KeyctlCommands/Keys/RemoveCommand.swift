internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl remove`.
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a name from the registry.",
        discussion: """
            The registry remembers the name: the same key may come back; another key needs keyctl \
            import --replace. Of your own identities, only one that was made with gen --pending \
            and never promoted can be removed.

            Examples:
              keyctl remove bob
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the key.", transform: KeyName.argument)
    var name: KeyName

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let removed: String
        /// The path of the sealed key, for an identity that was never in use.
        let kept: String?

        func printText() {
            Report.result("removed \(removed)")
            guard let kept else { return }
            Report.note("the identity was not in use yet; its sealed key is kept in \(kept)")
        }
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        if let record = try keystore.records().first(where: { $0.name == name }) {
            guard !record.isPending else {
                let kept = try keystore.discard(record)
                return try global.print(Document(removed: name.description, kept: kept))
            }
            throw CommandError.usage(
                "\"\(name)\" is your own identity, and its private key cannot be removed",
                hint: "to end the trust in it: keyctl revoke \(name)"
            )
        }
        try keystore.changeRegistry("remove", name) { state in
            _ = try state.known(name)
            return [Statement(.remove(name: name), time: .now)]
        }
        try global.print(Document(removed: name.description, kept: nil))
    }
}
