internal import ArgumentParser
internal import CommandSupport
internal import DurableFiles
internal import KeyFormats
internal import Registry

/// The command `keyctl registry prove`.
struct RegistryProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write a proof. A third person needs only the owner's public key to check it.",
        discussion: """
            With a name, it proves the lines about the name. With --since, it proves that the log \
            only grew since an earlier checkpoint. A proof does not show that no line follows.

            Examples:
              keyctl registry prove alice --out alice.proof
              keyctl registry prove --since old.checkpoint --out grown.proof
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: RegistrySelection
    @Argument(help: "The name.", transform: KeyName.argument)
    var name: KeyName?
    @Option(help: ArgumentHelp("An earlier checkpoint.", valueName: "file"))
    var since: String?
    @OptionGroup var destination: OutputOptions

    func validate() throws {
        guard (name == nil) != (since == nil) else {
            throw ValidationError("give a name, or --since with an earlier checkpoint")
        }
    }

    func run() throws {
        let (registry, note) = try selection.open(global.existingKeystore())
        guard let note else { throw CommandError.noCheckpoint }
        if let since {
            let old = try DurableFile.read(since, limit: Checkpoint.largestByteCount)
            let proof = try ConsistencyProof(old: old, new: note, registry: registry)
            return try PublicOutput.write(proof.encoded, to: destination)
        }
        guard let name else { return }
        let proof = try RegistryProof(name: name, registry: registry, note: note)
        try PublicOutput.write(proof.encoded, to: destination)
    }
}
