internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import Registry

/// The command `keyctl registry verify`.
struct RegistryVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every line of a log again: signatures, chains, tree, checkpoint.",
        discussion: """
            It checks a file of keyctl registry export, your own log, or (with --of) a mirror. \
            Exit status: 0 all lines are right, 1 a line is wrong; the first such line is \
            printed.

            Examples:
              keyctl registry verify
              keyctl registry verify team.registry --owner server.pub
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: RegistrySelection
    @OptionGroup var owner: OwnerOption
    @Argument(help: ArgumentHelp("A file of keyctl registry export.", valueName: "file"))
    var file: String?

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let lines: Int
        let root: String
        let checkpoint: CheckpointDocument?

        init(_ count: Int, _ root: SHA256Digest, _ checkpoint: Checkpoint?) {
            lines = count
            self.root = Base64.encode(root.bytes)
            self.checkpoint = checkpoint.map(CheckpointDocument.init)
        }

        func printText() {
            Report.result("all \(lines) lines are right, the root is \(root)")
            Report.result(
                checkpoint.map { "the checkpoint of \($0.owner) covers \($0.lines) of them" }
                    ?? "no checkpoint was signed yet"
            )
        }
    }

    func run() throws {
        if let file {
            let read = try RegistryFileReader.read(file)
            let verified = try read.verified(by: owner.find(read.note, global), at: .now)
            let checkpoint = verified.checkpoint
            return try global.print(
                Document(verified.file.lines.count, checkpoint.root, checkpoint)
            )
        }
        let (registry, note) = try selection.open(global.existingKeystore())
        let lines = try registry.lines(0..<registry.count)
        var state = RegistryState()
        var tree = MerkleTree()
        for (index, line) in lines.enumerated() {
            do throws(RegistryError) {
                tree.append(try state.applyForeign(line, at: .now).leafHash)
            } catch {
                throw error.inForeignLine(index + 1)
            }
        }
        guard tree.root == registry.tree.root else { throw RegistryError.changedLog }
        guard let note else { return try global.print(Document(lines.count, tree.root, nil)) }
        let checkpoint = try owner.find(note, global).checkpoint(note)
        _ = try registry.compare(checkpoint)
        try global.print(Document(lines.count, tree.root, checkpoint))
    }
}
