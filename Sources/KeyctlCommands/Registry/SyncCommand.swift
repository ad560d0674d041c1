internal import ArgumentParser
internal import CommandSupport
internal import DurableFiles
internal import KeyFormats
internal import KeySync
internal import Keystore
internal import Registry

/// The command `keyctl sync`.
struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Keep a folder of files for other programs in step with the registry.",
        discussion: """
            Writes authorized_keys, allowed_signers, revoked_keys (for sshd's RevokedKeys), \
            keys.jwks, recipients.txt (for age -R), pem/NAME.pem and ssh/NAME.pub: the keys in \
            use, of everybody or of a group. Files that are up to date are not touched. Each file \
            is replaced completely, the revoked keys first. Files that keyctl did not write are \
            left alone.

            With --keep, every later command of keyctl and securechat that changes the registry \
            updates the folder, too. Without a folder, all such folders are updated now: do that \
            once a day, because keys expire.

            Examples:
              keyctl sync /etc/ssh/keyctl
              keyctl sync out --group team --only authorized_keys --only revoked_keys
              keyctl sync ~/keys --keep
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(
        help: ArgumentHelp(
            "The folder; it is made if it does not exist (default: the folders of --keep).",
            valueName: "dir"
        )
    )
    var folder: String?
    @Option(help: "Only people of this group.", transform: KeyName.argument)
    var group: KeyName?
    @Option(
        help: ArgumentHelp(
            "Only this file (may be repeated): \(RegistryExporters.ids.joined(separator: ", ")); "
                + "or the id of a trusted plugin.",
            valueName: "file"
        )
    )
    var only: [String] = []
    @Flag(help: "Print the changes without making them.")
    var dryRun = false
    @Flag(help: "Update the folder by itself from now on, with these options.")
    var keep = false
    @Flag(help: "End that. The files stay.")
    var forget = false

    func validate() throws {
        guard folder != nil || (!keep && !forget && group == nil && only.isEmpty) else {
            throw ValidationError("name a folder: keyctl sync DIR")
        }
        guard !forget || (!keep && group == nil && only.isEmpty && !dryRun) else {
            throw ValidationError("--forget cannot be used together with other options")
        }
        guard !keep || Set(only).isSubset(of: RegistryExporters.ids) else {
            throw ValidationError("--keep works only with the built-in files, not with a plugin's")
        }
    }

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let folder: String
        let written: [String]
        let removed: [String]
        let unchanged: [String]
        private let verb: String

        enum CodingKeys: CodingKey { case version, folder, written, removed, unchanged }

        init(_ outcome: SyncFolder.Outcome, in folder: String, dryRun: Bool) {
            self.folder = folder
            written = outcome.written
            removed = outcome.removed
            unchanged = outcome.unchanged
            verb = dryRun ? "would be " : ""
        }

        func printText() {
            for name in written { Report.result("\(verb)written: \(folder)/\(name)") }
            for name in removed { Report.result("\(verb)removed: \(folder)/\(name)") }
            if written.isEmpty, removed.isEmpty {
                Report.note("all files of \(folder) are up to date")
            }
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
        let kept = KeptFolders(path: keystore.home.keptFoldersPath)
        guard let folder else { return try updateAll(kept, keystore) }
        if !forget, !dryRun { try DurableFile.makePublicFolder(folder) }
        let path = DurableFile.canonicalPath(folder)
        guard let chosen = KeptFolder(path: path, group: group, only: only) else {
            throw CommandError.usage("the path of a folder cannot contain a line end")
        }
        if forget {
            guard try kept.remove(chosen.path) else {
                throw CommandError.failed(
                    "\(folder) is not in the list of kept folders",
                    hint: "the list is in \(keystore.home.keptFoldersPath)"
                )
            }
            return Report.note("\(folder) is not updated by itself any more; its files stay")
        }
        if let group, keystore.registry.state.members(ofGroup: group) == nil {
            throw CommandError.failed(
                "there is no group \"\(group)\"",
                hint: "see all groups: keyctl group list"
            )
        }
        guard keep || Set(only).isSubset(of: RegistryExporters.ids) else {
            return try updateOnce(path, shownAs: folder, keystore)
        }
        try update(chosen, shownAs: folder, keystore)
        guard keep, !dryRun else { return }
        try kept.add(chosen)
        Report.note("\(folder) is updated from now on whenever the registry changes")
    }

    private func updateAll(_ kept: KeptFolders, _ keystore: Keystore) throws {
        let folders = try kept.all()
        guard !folders.isEmpty else {
            throw CommandError.failed(
                "no folder is kept up to date",
                hint: "name one: keyctl sync DIR --keep"
            )
        }
        for folder in folders { try update(folder, shownAs: folder.path, keystore) }
    }

    private func update(
        _ folder: KeptFolder,
        shownAs name: String,
        _ keystore: Keystore
    ) throws {
        let outcome = try folder.update(home: keystore.home.path, dryRun: dryRun) {
            try SyncCommand.registry(keystore.home)
        }
        try global.print(Document(outcome, in: name, dryRun: dryRun))
    }

    /// Updates a folder with the exporters of plugins, too.
    private func updateOnce(_ path: String, shownAs name: String, _ keystore: Keystore) throws {
        let exporters = try exporters()
        let ids = Set(exporters.map(\.id))
        let outcome = try SyncFolder(path)
            .bring(home: keystore.home.path, of: ids, dryRun: dryRun) {
                let registry = try SyncCommand.registry(keystore.home)
                let keys = try ExportedKeys(registry.state, group: group, at: .now)
                return (try exporters.flatMap { try $0.files(keys) }, registry.count)
            }
        try global.print(Document(outcome, in: name, dryRun: dryRun))
    }

    private static func registry(_ home: Home) throws -> Registry {
        try Registry(path: home.registryPath, checkpointPath: home.checkpointPath)
    }
}
