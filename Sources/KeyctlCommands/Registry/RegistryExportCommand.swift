internal import ArgumentParser
internal import CommandSupport
internal import Registry

/// The command `keyctl registry export`.
struct RegistryExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the log with its checkpoint as one file, for other people to import.",
        discussion: """
            Only the lines under the checkpoint are written.

            Examples:
              keyctl registry checkpoint > /dev/null && keyctl registry export --out team.registry
              keyctl registry export --of server --out seen.registry
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: RegistrySelection
    @OptionGroup var destination: OutputOptions

    func run() throws {
        let (registry, note) = try selection.open(global.existingKeystore())
        guard let note else { throw CommandError.noCheckpoint }
        let count = try Checkpoint.claim(in: note).count
        if count < registry.count {
            Report.warning(
                "the last \(registry.count - count) lines are not signed yet, and the export "
                    + "leaves them out; sign them: keyctl registry checkpoint"
            )
        }
        let file = RegistryFile(note: note, lines: try registry.lines(0..<count))
        try PublicOutput.write(file.encoded, to: destination)
    }
}
