internal import AgeFiles
internal import ArgumentParser
internal import Backups
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import Keystore

/// The command `keyctl restore`.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a backup; or a destroyed key within its grace period.",
        discussion: """
            A backup is restored to a home without keys: all of it or nothing. Every identity is \
            compared with the list in the backup, and its fingerprint is printed.

            Examples:
              keyctl restore keys.backup
              keyctl restore keys.backup --share share-1.txt --share share-3.txt
              keyctl restore --key-version 2 --user alice
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var own: OwnIdentityOption
    @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
    var file: String?
    @Option(
        help: ArgumentHelp("A sheet of the recovery key, several times.", valueName: "file")
    )
    var share: [String] = []
    @Option(help: ArgumentHelp("The destroyed version to take back.", valueName: "number"))
    var keyVersion: Int?

    func validate() throws {
        guard (file == nil) != (keyVersion == nil) else {
            throw ValidationError(
                "name either a backup file, or a destroyed version with --key-version"
            )
        }
        guard keyVersion == nil || share.isEmpty else {
            throw ValidationError("--share can be used only with a backup")
        }
        guard file == nil || own.user == nil else {
            throw ValidationError("a backup is restored as a whole: --user cannot be used with it")
        }
    }

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        struct Item: Encodable {
            let name: String
            let version: Int
            let fingerprint: String
        }

        let version = 1
        let home: String
        let made: String
        let identities: [Item]

        init(home: String, _ manifest: BackupManifest) {
            self.home = home
            made = manifest.made
            identities = manifest.identities.map {
                Item(name: $0.name, version: $0.version, fingerprint: $0.fingerprint)
            }
        }

        func printText() {
            Report.result("restored \(home), as it was at \(made)")
            for item in identities {
                Report.result("  \(item.name), version \(item.version)  \(item.fingerprint)")
            }
        }
    }

    func run() throws {
        guard let file else { return try undestroy() }
        let home = try place(global.keyctlHome)
        try Backup.requireEmpty(home)
        let input = try InputFile(file)
        let reader = try AgeReader(ProgressSource(input, verb: "restoring"))
        let manifest = try Backup.restore(reader, with: key(to: reader), to: home)
        try global.print(Document(home: home.path, manifest))
        guard !global.json else { return }
        Report.note("compare the fingerprints with those on your sheets, or in another registry")
    }

    /// Returns the home with its absolute path, without links, dots or double slashes.
    private func place(_ home: Home) throws -> Home {
        guard !DurableFile.exists(home.path) else {
            return Home(path: try DurableFile.resolved(home.path))
        }
        let parts = home.path.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else {
            throw CommandError.usage(
                "\(home.path) does not exist: name the new home without \"..\""
            )
        }
        return Home(path: "/" + parts.joined(separator: "/"))
    }

    private func undestroy() throws {
        guard let keyVersion else { return }
        var keystore = try global.keystore()
        let record = try own.record(keystore)
        let restored = try keystore.undestroy(keyVersion, of: record)
        guard !global.json else {
            return try global.print(ChangeReport(restored, verb: "restored", statement: nil))
        }
        Report.result("version \(keyVersion) of \(record.name) is back in use")
    }

    /// Returns what opens the backup: a passphrase or shares, by the kind of its recipient.
    private func key(to reader: AgeReader) throws -> BackupKey {
        if reader.header.isForPassphrase {
            guard share.isEmpty else {
                throw CommandError.usage("this backup is sealed with a passphrase, not with shares")
            }
            return .passphrase { try global.passphrase(prompt: "Passphrase of the backup") }
        }
        guard share.isEmpty else { return .shares(try share.map { try RecoverySheets.share($0) }) }
        guard TerminalPrompt.isThere, !global.givesPassphrase else { throw BackupError.needsShares }
        return .shares(try TypedShares.read())
    }
}
