internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import Registry

/// The command `keyctl registry show`.
struct RegistryShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a registry in figures: lines, root, checkpoint, names.",
        discussion: """
            Examples:
              keyctl registry show
              keyctl registry show --of server --json
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: RegistrySelection

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let lines: Int
        let root: String
        let signedLines: Int?
        let names: Int
        let removed: Int
        let frozen: Int
        let revoked: Int
        let groups: Int

        func printText() {
            Report.result("lines   \(lines)")
            Report.result("root    \(root)")
            Report.result("signed  \(signedLines.map { "\($0) lines" } ?? "never")")
            Report.result(
                "names   \(names) (\(revoked) revoked, \(frozen) frozen, \(removed) removed)"
            )
            Report.result("groups  \(groups)")
        }
    }

    func run() throws {
        let (registry, note) = try selection.open(global.existingKeystore())
        var (names, removed, frozen, revoked) = (0, 0, 0, 0)
        for identity in registry.state.all {
            if identity.isRemoved {
                removed += 1
                continue
            }
            names += 1
            if identity.fork != nil { frozen += 1 }
            if identity.latest.isRevoked { revoked += 1 }
        }
        let signed = try note.map { try Checkpoint.claim(in: $0).count }
        try global.print(
            Document(
                lines: registry.count,
                root: Base64.encode(registry.tree.root.bytes),
                signedLines: signed,
                names: names,
                removed: removed,
                frozen: frozen,
                revoked: revoked,
                groups: registry.state.groupNames.count
            )
        )
    }
}
