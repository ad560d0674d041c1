internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl registry export`.
struct RegistryExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the log with its checkpoint as one file, for others to import.",
        discussion: """
            Only what the checkpoint covers is written.

            Examples:
              keyctl registry checkpoint > /dev/null && keyctl registry export --out team.registry
              keyctl registry export --of server --out seen.registry
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: RegistrySelection
    @OptionGroup var output: OutputOptions

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
        try PublicOutput.write(file.encoded, to: output)
    }
}

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

    private struct Document: Encodable {
        let version = 1
        let outcome: String
        let owner: String
        let checkpoint: CheckpointDocument
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
        guard !global.json else {
            return try Report.json(
                Document(
                    outcome: text,
                    owner: identity.name.description,
                    checkpoint: CheckpointDocument(verified.checkpoint)
                )
            )
        }
        Report.result("the registry of \(identity.name): \(text)")
    }
}

/// `keyctl registry merge`.
struct RegistryMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Take the names of somebody else's registry into your own.",
        discussion: """
            As keyctl registry import, and then: names that are not known here are registered as \
            its owner says, with their whole chains; known ones move along. Where another key is \
            known here, yours stays, and it is told. Exit status 1 where that happened.

            Examples:
              keyctl registry merge team.registry
              keyctl registry merge team.registry --dry-run
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var owner: OwnerOption
    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false
    @Argument(help: ArgumentHelp("A file of keyctl registry export.", valueName: "file"))
    var file: String

    private struct Document: Encodable {
        let version = 1
        let registered: [String]
        let moved: [String]
        let revoked: [Revoked]
        let refused: [Refusal]
    }

    private struct Revoked: Encodable {
        let name: String
        let keyVersion: Int
    }

    private struct Refusal: Encodable {
        let name: String
        let reason: String
    }

    func run() throws {
        var keystore = try global.keystore()
        let verified: VerifiedRegistry
        if dryRun {
            let read = try RegistryFileReader.read(file)
            verified = try read.verified(by: owner.find(read.note, global), at: .now)
        } else {
            verified = try RegistryTransfer.take(file, owner, global, &keystore).verified
        }
        var merge = RegistryMerge(
            verified,
            isOwn: Set(try keystore.records().map(\.name)),
            compromised: try .standard(keystore.home)
        )
        if dryRun {
            _ = try merge.statements(for: keystore.registry.state, at: .now)
        } else {
            try keystore.changeRegistry("merge") { try merge.statements(for: $0, at: .now) }
        }
        let refused = merge.refused.map { Refusal(name: $0.name.description, reason: $0.reason) }
        if global.json {
            try Report.json(
                Document(
                    registered: merge.registered.map(\.description),
                    moved: merge.moved.map(\.description),
                    revoked: merge.revoked.map {
                        Revoked(
                            name: $0.identity.name.description,
                            keyVersion: $0.version.number
                        )
                    },
                    refused: refused
                )
            )
        } else {
            for name in merge.registered { Report.result("registered: \(name)") }
            for name in merge.moved { Report.result("moved along: \(name)") }
            for (identity, version) in merge.revoked {
                Report.result("REVOKED: \(identity.name), version \(version.number)")
            }
            for refusal in refused { Report.result("REFUSED: \(refusal.name): \(refusal.reason)") }
            let verb = dryRun ? "would be " : ""
            Report.note(
                "\(merge.registered.count) \(verb)registered, \(merge.moved.count) moved along, "
                    + "\(refused.count) refused"
            )
        }
        warnOfDoubtfulSteps(merge)
        guard refused.isEmpty else { throw ExitCode(ExitStatus.failed) }
    }

    /// Whoever stole a key may have signed the step away from it before it was revoked.
    private func warnOfDoubtfulSteps(_ merge: RegistryMerge) {
        for (identity, version) in merge.revoked where merge.moved.contains(identity.name) {
            guard let active = identity.active, active.number > version.number else { continue }
            Report.warning(
                "\(identity.name) followed its rotation to version \(active.number) from one "
                    + "that is revoked: compare its fingerprint in person, "
                    + (active.fingerprint?.description ?? "")
            )
        }
    }
}

/// `keyctl registry diff`.
struct RegistryDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what changed between two exported registries.",
        discussion: """
            Exit status: 0 both registries hold the same keys for every name, 1 they differ, \
            2 neither registry continues the other.

            Examples:
              keyctl registry diff monday.registry friday.registry
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var owner: OwnerOption
    @Argument(help: ArgumentHelp("The older file.", valueName: "old"))
    var old: String
    @Argument(help: ArgumentHelp("The newer file.", valueName: "new"))
    var new: String

    private struct Document: Encodable {
        let version = 1
        let changes: [Change]
        let isFork: Bool
    }

    private struct Change: Encodable {
        let name: String
        let what: String
    }

    func run() throws {
        let (first, second) = (try verified(old), try verified(new))
        let common = min(first.file.lines.count, second.file.lines.count)
        let isFork = first.file.lines.prefix(common) != second.file.lines.prefix(common)
        let difference = RegistryDifference(from: first.state, to: second.state, at: .now)
        let changes = difference.changes.map { Change(name: $0.name.description, what: $0.what) }
        if global.json {
            try Report.json(Document(changes: changes, isFork: isFork))
        } else {
            for change in changes { Report.result("\(change.name): \(change.what)") }
            if changes.isEmpty { Report.note("both registries hold the same keys for every name") }
        }
        guard !isFork else {
            let at = zip(first.file.lines, second.file.lines).prefix { $0 == $1 }.count + 1
            Report.warning("neither registry continues the other: they differ from line \(at) on")
            throw ExitCode(ExitStatus.notVerified)
        }
        guard changes.isEmpty else { throw ExitCode(ExitStatus.failed) }
    }

    private func verified(_ path: String) throws -> VerifiedRegistry {
        let file = try RegistryFileReader.read(path)
        return try file.verified(by: owner.find(file.note, global), at: .now)
    }
}

/// What import and merge share.
enum RegistryTransfer {
    static func take(
        _ path: String,
        _ option: OwnerOption,
        _ global: GlobalOptions,
        _ keystore: inout Keystore
    ) throws -> (
        verified: VerifiedRegistry, owner: RegisteredIdentity, outcome: RegistryMirror.Outcome
    ) {
        let file = try RegistryFileReader.read(path)
        let owner = try option.identity(file.note, global)
        let verified = try file.verified(by: RegistryOwner(owner, withRetired: false), at: .now)
        let outcome = try keystore.mirror(verified, of: owner.name)
        return (verified, owner, outcome)
    }
}
