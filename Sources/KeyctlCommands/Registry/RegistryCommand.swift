internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl registry`.
struct RegistryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry",
        abstract: "Look at the log of keys, sign it, prove what it says, compare it with others'.",
        discussion: """
            The registry is a log that only grows: a Merkle tree over its lines, and a checkpoint \
            that its owner signs. Whoever holds an earlier checkpoint notices when history is \
            rewritten.

            Examples:
              keyctl registry log alice
              keyctl registry checkpoint && keyctl registry export --out team.registry
              keyctl registry import team.registry --owner server
              keyctl registry prove alice --out alice.proof
              keyctl registry check alice.proof --owner server.pub
            """,
        subcommands: [
            RegistryLogCommand.self, RegistryShowCommand.self, RegistryDiffCommand.self,
            RegistryVerifyCommand.self, RegistryCheckpointCommand.self, RegistryProveCommand.self,
            RegistryCheckCommand.self, RegistryExportCommand.self, RegistryImportCommand.self,
            RegistryMergeCommand.self,
        ]
    )
}

/// Which registry is meant: one's own, or the mirror of somebody else's.
struct RegistrySelection: ParsableArguments {
    @Option(
        name: .customLong("of"),
        help: ArgumentHelp("The registry that was imported of this owner.", valueName: "name"),
        transform: KeyName.argument
    )
    var owner: KeyName?

    /// The log, and the checkpoint over it, where one is signed.
    func open(_ keystore: Keystore) throws -> (registry: Registry, note: [UInt8]?) {
        guard let owner else {
            let path = keystore.home.checkpointPath
            let note =
                DurableFile.exists(path)
                ? try DurableFile.read(path, limit: Checkpoint.largestByteCount) : nil
            return (keystore.registry, note)
        }
        let id = try keystore.registry.state.known(owner).id.description
        let path = keystore.home.mirrorPath(owner: id)
        guard DurableFile.exists(path) else {
            throw CommandError.usage(
                "the registry of \"\(owner)\" was not imported yet",
                hint: "import it: keyctl registry import FILE --owner \(owner)"
            )
        }
        let mirror = try RegistryMirror(path: path)
        return (mirror.registry, mirror.note)
    }
}

/// Whose signature a checkpoint must carry: a name of the registry, or a public key file.
struct OwnerOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The registry's owner: a name, or a public key file (default: whose it says it is).",
            valueName: "owner"
        )
    )
    var owner: String?

    func find(_ note: [UInt8], _ global: GlobalOptions) throws -> RegistryOwner {
        if let owner,
            owner.contains("/") || (try? KeyName(owner)) == nil
                || DurableFile.exists(owner) && isUnknown(owner, global)
        {
            let content = try KeyFileReader.read(owner)
            return try RegistryOwner(KeyFormats.decode(content.bytes).onlyPublicKey())
        }
        return try RegistryOwner(identity(note, global), withRetired: true)
    }

    private func isUnknown(_ name: String, _ global: GlobalOptions) -> Bool {
        guard let name = try? KeyName(name), let keystore = try? global.keystore() else {
            return true
        }
        return keystore.registry.state.identity(name) == nil
    }

    /// The owner as an identity of one's own registry.
    func identity(_ note: [UInt8], _ global: GlobalOptions) throws -> RegisteredIdentity {
        let state = try global.keystore().registry.state
        if let owner { return try state.known(KeyName(owner)) }
        let id = try Checkpoint.owner(in: note)
        guard let identity = state.identity(id: id), !identity.isRemoved else {
            throw CommandError.failed(
                "the owner of the registry is not known here: \(id)",
                hint: "import the key of the owner first: keyctl import OWNER.pub"
            )
        }
        return identity
    }
}

/// A file that is written for others, or standard output.
enum PublicOutput {
    static func write(_ bytes: [UInt8], to options: OutputOptions) throws {
        let output = try FileOutput(
            options,
            from: nil,
            isText: true,
            mode: DurableFile.publicMode
        )
        try output.sink.write(bytes.borrowedBytes)
        try output.commit()
        if !output.isStandard, let out = options.out { Report.note("wrote \(out)") }
    }
}

/// A checkpoint, as `--json` prints it.
struct CheckpointDocument: Encodable {
    let owner: String
    let lines: Int
    let root: String

    init(_ checkpoint: Checkpoint) {
        owner = checkpoint.owner.description
        lines = checkpoint.count
        root = Base64.encode(checkpoint.root.bytes)
    }
}
