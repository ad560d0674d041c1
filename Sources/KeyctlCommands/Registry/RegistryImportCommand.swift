internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Registry

/// `keyctl registry import`.
struct RegistryImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Keep a mirror of somebody else's registry, and notice if history is rewritten.",
        discussion: """
            The checkpoint must be signed by its owner, every line is judged, and it must continue \
            what was seen of it before. Your own registry stays as it is: keyctl registry merge \
            takes the names over.

            Examples:
              keyctl registry import team.registry
              keyctl registry import team.registry --owner server
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var owner: OwnerOption
    @Argument(help: ArgumentHelp("A file of keyctl registry export.", valueName: "file"))
    var file: String

    private struct Document: CommandResult {
        let version = 1
        let outcome: String
        let owner: String
        let checkpoint: CheckpointDocument

        func printText() { Report.result("the registry of \(owner): \(outcome)") }
    }

    func run() throws {
        var keystore = try global.keystore()
        let (verified, identity, outcome) = try RegistryTransfer.take(
            file,
            owner,
            global,
            &keystore
        )
        let text =
            switch outcome {
            case .began: "new: \(verified.checkpoint.count) lines"
            case .grew(let count): "grew by \(count) lines, to \(verified.checkpoint.count)"
            case .same: "nothing new: \(verified.checkpoint.count) lines"
            case .older: "older than what was seen already; it is a part of that"
            }
        try global.print(
            Document(
                outcome: text,
                owner: identity.name.description,
                checkpoint: CheckpointDocument(verified.checkpoint)
            )
        )
    }
}
