internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Registry

/// The command `keyctl registry import`.
struct RegistryImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Store another person's registry, and notice if its history is rewritten.",
        discussion: """
            The owner must have signed the checkpoint, every line is checked, and the file must \
            agree with the lines that were imported before. Your own registry does not change; \
            keyctl registry merge adds the names to it.

            Examples:
              keyctl registry import team.registry
              keyctl registry import team.registry --owner server
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var owner: OwnerOption
    @Argument(help: ArgumentHelp("A file of keyctl registry export.", valueName: "file"))
    var file: String

    /// The result, as text and as `--json` prints it.
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
            case .older: "older than the stored registry, which contains it"
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
