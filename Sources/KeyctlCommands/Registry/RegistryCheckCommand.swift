internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl registry check`.
struct RegistryCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a proof; or compare another person's checkpoint with your log.",
        discussion: """
            A proof needs only the owner's public key. A checkpoint is compared with the mirror \
            of its owner's registry, or with your own log. Exit status: 0 right, 2 wrong, or two \
            people were shown different logs, 1 failed.

            Examples:
              keyctl registry check alice.proof --owner server.pub
              keyctl registry check bobs.checkpoint
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var owner: OwnerOption
    @Argument(
        help: ArgumentHelp("A proof or a checkpoint ('-': standard input).", valueName: "file")
    )
    var file: String

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let checkpoint: CheckpointDocument
        var older: CheckpointDocument?
        var key: KeyDocument?
        var comparison: String?
    }

    func run() throws {
        let bytes = try CommandInput.bytes(file, limit: RegistryProof.largestByteCount)
        do {
            if RegistryProof.begins(bytes) { return try proof(RegistryProof(bytes)) }
            if ConsistencyProof.begins(bytes) { return try consistency(ConsistencyProof(bytes)) }
            guard Checkpoint.begins(bytes) else {
                throw CommandError.usage(
                    "\(file) is neither a proof nor a checkpoint",
                    hint: "see what it is: keyctl inspect \(Printable.shellWord(file))"
                )
            }
            try checkpoint(bytes)
        } catch let error as RegistryError {
            Report.error(error)
            throw ExitCode(ExitStatus.notVerified)
        }
    }

    private func proof(_ proof: RegistryProof) throws {
        let owner = try owner.find(proof.note, global)
        let (checkpoint, identity) = try proof.verified(by: owner, at: .now)
        let key = KeyDocument(identity, own: nil, at: .now)
        guard !global.json else {
            return try Report.json(
                Document(checkpoint: CheckpointDocument(checkpoint), key: key)
            )
        }
        let latest = key.latest
        Report.result(
            "proved: \(key.name), version \(latest.version), \(key.state), "
                + (latest.fingerprint ?? "?")
        )
        Report.result("  in the registry of \(owner.name), up to line \(checkpoint.count)")
        Report.note(
            "a proof shows what the log holds; later lines may say something else"
        )
    }

    private func consistency(_ proof: ConsistencyProof) throws {
        let owner = try owner.find(proof.notes.new, global)
        let (old, new) = try proof.verified(by: owner)
        guard !global.json else {
            return try Report.json(
                Document(checkpoint: CheckpointDocument(new), older: CheckpointDocument(old))
            )
        }
        Report.result(
            "proved: the registry of \(owner.name) only grew, from \(old.count) to \(new.count) lines"
        )
    }

    private func checkpoint(_ note: [UInt8]) throws {
        let keystore = try global.keystore()
        let checkpoint = try owner.find(note, global).checkpoint(note)
        let path = keystore.home.mirrorPath(owner: checkpoint.owner.description)
        let isOwn = try keystore.records().contains { $0.identity.id == checkpoint.owner }
        guard isOwn || DurableFile.exists(path) else {
            throw CommandError.failed(
                "that registry was not imported yet, so there is nothing to compare with",
                hint: "import it: keyctl registry import FILE"
            )
        }
        let registry = isOwn ? keystore.registry : try RegistryMirror(path: path).registry
        let comparison = try registry.compare(checkpoint)
        if isOwn, case .newer(let count) = comparison { throw RegistryError.lostLines(count) }
        if global.json {
            try Report.json(
                Document(
                    checkpoint: CheckpointDocument(checkpoint),
                    comparison: comparison == .consistent ? "consistent" : "newer"
                )
            )
        } else {
            switch comparison {
            case .consistent:
                Report.result(
                    "the same log: its \(checkpoint.count) lines are the first ones of the "
                        + "\(registry.count) here"
                )
            case .newer(let count):
                Report.result(
                    "not compared: it covers \(count) lines more than were seen here; import the "
                        + "registry, then compare again"
                )
            }
        }
        guard comparison == .consistent else { throw ExitCode(ExitStatus.failed) }
    }
}
