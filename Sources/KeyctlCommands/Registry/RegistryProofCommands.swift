internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl registry checkpoint`.
struct RegistryCheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign the log as it stands; or print the checkpoint that was seen of another's.",
        discussion: """
            Two people who hold checkpoints of one registry compare them with keyctl registry \
            check: who was shown another log finds out.

            Examples:
              keyctl registry checkpoint --user server
              keyctl registry checkpoint --of server > mine.checkpoint
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: RegistrySelection
    @Option(
        help: "Who signs (default: the server's identity, else yours).",
        transform: KeyName.argument
    )
    var user: KeyName?
    @OptionGroup var output: OutputOptions

    func run() throws {
        var keystore = try global.existingKeystore()
        if selection.owner != nil {
            guard let note = try selection.open(keystore).note else {
                throw CommandError.failed("there is no checkpoint of this registry yet")
            }
            return try PublicOutput.write(note, to: output)
        }
        let record = try signer(keystore)
        let note = try keystore.signCheckpoint(global.unlock(record, in: keystore))
        try PublicOutput.write(note, to: output)
    }

    private func signer(_ keystore: Keystore) throws -> IdentityRecord {
        if let user { return try keystore.record(user) }
        let servers = try keystore.records().filter(\.isServer)
        return try servers.count == 1 ? servers[0] : keystore.defaultRecord()
    }
}

/// `keyctl registry prove`.
struct RegistryProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Write a proof that a third person checks with the owner's public key alone.",
        discussion: """
            With a name: what the log says of it. With --since: that the log only grew since an \
            earlier checkpoint. A proof shows what is in the log; not that nothing came later.

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
    @OptionGroup var output: OutputOptions

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
            return try PublicOutput.write(proof.encoded, to: output)
        }
        guard let name else { return }
        let proof = try RegistryProof(name: name, registry: registry, note: note)
        try PublicOutput.write(proof.encoded, to: output)
    }
}

/// `keyctl registry check`.
struct RegistryCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a proof; or compare somebody's checkpoint with the log that is here.",
        discussion: """
            A proof needs the owner's public key and nothing else. A checkpoint is compared with \
            the mirror of its owner's registry, or with one's own log. Exit status: 0 it is right, \
            2 it is not, or two people were shown different logs, 1 it could not be compared.

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
