internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import Registry

/// `keyctl registry verify`.
struct RegistryVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judge every line of a log again: signatures, chains, tree, checkpoint.",
        discussion: """
            With a file, that of keyctl registry export; else one's own log or, with --of, a mirror. \
            Exit status: 0 all is right, 1 the first line that is not is named.

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

    private struct Document: Encodable {
        let version = 1
        let lines: Int
        let root: String
        let checkpoint: CheckpointDocument?
    }

    func run() throws {
        if let file {
            let read = try RegistryFileReader.read(file)
            let verified = try read.verified(by: owner.find(read.note, global), at: .now)
            return try report(
                verified.file.lines.count,
                verified.checkpoint.root,
                verified.checkpoint
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
        guard let note else { return try report(lines.count, tree.root, nil) }
        let checkpoint = try owner.find(note, global).checkpoint(note)
        _ = try registry.compare(checkpoint)
        try report(lines.count, tree.root, checkpoint)
    }

    private func report(_ count: Int, _ root: SHA256Digest, _ checkpoint: Checkpoint?) throws {
        let document = Document(
            lines: count,
            root: Base64.encode(root.bytes),
            checkpoint: checkpoint.map(CheckpointDocument.init)
        )
        guard !global.json else { return try Report.json(document) }
        Report.result("all \(count) lines are right, the root is \(document.root)")
        Report.result(
            checkpoint.map { "the checkpoint of \($0.owner) covers \($0.count) of them" }
                ?? "no checkpoint was signed yet"
        )
    }
}
