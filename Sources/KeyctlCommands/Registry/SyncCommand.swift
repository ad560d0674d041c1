internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import KeySync
internal import Keystore
internal import Registry

/// `keyctl sync`.
struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Keep a folder of files for other programs in step with the registry.",
        discussion: """
            Writes authorized_keys, allowed_signers, revoked_keys (for sshd's RevokedKeys), \
            keys.jwks, recipients.txt (for age -R) and pem/NAME.pem: the keys in use, of \
            everybody or of a group. Files that are up to date are not touched. Each file is \
            replaced completely, the revoked keys first. Files that keyctl did not write are left \
            alone.

            Examples:
              keyctl sync /etc/ssh/keyctl
              keyctl sync out --group team --only authorized_keys --only revoked_keys
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(
        help: ArgumentHelp("The folder; it is made if it does not exist.", valueName: "dir")
    )
    var folder: String
    @Option(help: "Only people of this group.", transform: KeyName.argument)
    var group: KeyName?
    @Option(
        help: ArgumentHelp(
            "This file alone (several times): \(RegistryExporters.ids.joined(separator: ", ")); or the "
                + "id of a trusted plugin.",
            valueName: "file"
        )
    )
    var only: [String] = []
    @Flag(help: "Print the changes without making them.")
    var dryRun = false

    private struct Document: CommandResult {
        let version = 1
        let written: [String]
        let removed: [String]
        let unchanged: [String]
        private let folder: String
        private let verb: String

        enum CodingKeys: CodingKey { case version, written, removed, unchanged }

        init(_ outcome: SyncFolder.Outcome, in folder: String, dryRun: Bool) {
            written = outcome.written
            removed = outcome.removed
            unchanged = outcome.unchanged
            self.folder = folder
            verb = dryRun ? "would be " : ""
        }

        func printText() {
            for name in written { Report.result("\(verb)written: \(folder)/\(name)") }
            for name in removed { Report.result("\(verb)removed: \(folder)/\(name)") }
            if written.isEmpty, removed.isEmpty { Report.note("all files are up to date") }
        }
    }

    /// Those that were named, each once, in the order of the table; else all built-in ones.
    private func exporters() throws -> [any RegistryExporter] {
        guard !only.isEmpty else { return RegistryExporters.all }
        var seen: Set<String> = []
        let others = try only.filter {
            !RegistryExporters.ids.contains($0) && seen.insert($0).inserted
        }
        .map { try global.exporter($0) }
        return RegistryExporters.all.filter { only.contains($0.id) } + others
    }

    func run() throws {
        let keystore = try global.existingKeystore()
        let keys = try ExportedKeys(keystore.registry.state, group: group, at: .now)
        let exporters = try self.exporters()
        let outcome = try SyncFolder(folder).bring(
            to: exporters.flatMap { try $0.files(keys) },
            of: Set(exporters.map(\.id)),
            dryRun: dryRun
        )
        try global.print(Document(outcome, in: folder, dryRun: dryRun))
    }
}
