internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl registry merge`.
struct RegistryMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Add the names of another person's registry to your own.",
        discussion: """
            It does what keyctl registry import does. Then it registers the names that your \
            registry lacks, with their chains, and updates the names that it has. If your \
            registry has another key for a name, your key stays, and the name is reported. Then \
            the exit status is 1.

            Examples:
              keyctl registry merge team.registry
              keyctl registry merge team.registry --dry-run
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var owner: OwnerOption
    @Flag(help: "Print the changes without making them.")
    var dryRun = false
    @Argument(help: ArgumentHelp("A file of keyctl registry export.", valueName: "file"))
    var file: String

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let registered: [String]
        let moved: [String]
        let revoked: [Revoked]
        let refused: [Refusal]
    }

    /// One revoked version, as `--json` prints it.
    private struct Revoked: Encodable {
        let name: String
        let keyVersion: Int
    }

    /// One refused identity, as `--json` prints it.
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
            for name in merge.moved { Report.result("updated: \(name)") }
            for (identity, version) in merge.revoked {
                Report.result("REVOKED: \(identity.name), version \(version.number)")
            }
            for refusal in refused { Report.result("REFUSED: \(refusal.name): \(refusal.reason)") }
            let verb = dryRun ? "would be " : ""
            Report.note(
                "\(merge.registered.count) \(verb)registered, \(merge.moved.count) \(verb)updated, "
                    + "\(refused.count) refused"
            )
        }
        warnOfDoubtfulSteps(merge)
        guard refused.isEmpty else { throw ExitCode(ExitStatus.failed) }
    }

    /// Warns of identities that rotated away from a key that is revoked: a thief may have signed
    /// that rotation.
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
