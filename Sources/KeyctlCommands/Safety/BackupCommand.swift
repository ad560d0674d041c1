internal import AgeFiles
internal import ArgumentParser
internal import Backups
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import KeyFormats
internal import Keystore

/// The command `keyctl backup`.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write the whole keystore and registry into one sealed file.",
        discussion: """
            The file is a tar archive in the age format, so that age and tar can open it without \
            keyctl. It is sealed with its own passphrase, or to a recovery key. A recovery key \
            exists only as shares on paper; any K of the N shares open the backup. --shares makes \
            a recovery key, and later backups use it without asking, unless a passphrase is \
            given. Inside the backup, your keys keep their own passphrases. The data of a \
            chat is not in it.

            Examples:
              keyctl backup keys.backup
              keyctl backup keys.backup --shares 2/3 --sheets sheets
              keyctl restore keys.backup --home new
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The file to write.", valueName: "file"))
    var file: String
    @Option(
        help: ArgumentHelp("Make a recovery key: any K of N shares open it.", valueName: "K/N"),
        transform: ShareCounts.read
    )
    var shares: ShareCounts?
    @Option(help: ArgumentHelp("The folder for the sheets of the shares.", valueName: "folder"))
    var sheets: String?
    @Flag(
        name: [.customShort("p"), .customLong("passphrase")],
        help: "Seal with a passphrase, even if there is a recovery key."
    )
    var usesPassphrase = false
    @Flag(help: "Make a new recovery key. The old sheets do not open later backups.")
    var newRecovery = false
    @Flag(help: "Replace the file if it exists.")
    var force = false

    private static let largestRecipientByteCount = 200

    func validate() throws {
        guard (shares == nil) == (sheets == nil) else {
            throw ValidationError("--shares K/N and --sheets FOLDER must be used together")
        }
        guard file != "-" else {
            throw ValidationError("a backup must be written to a file, not to standard output")
        }
        guard !newRecovery || shares != nil else {
            throw ValidationError("--new-recovery can be used only with --shares")
        }
        guard shares == nil || !usesPassphrase else {
            throw ValidationError("--shares and --passphrase cannot be used together")
        }
    }

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let file: String
        let sealedTo: String
        let identities: [String]
        let sheets: String?
        private let items: [BackupManifest.Item]

        enum CodingKeys: CodingKey { case version, file, sealedTo, identities, sheets }

        init(file: String, sealedTo: String, _ items: [BackupManifest.Item], sheets: String?) {
            self.file = file
            self.sealedTo = sealedTo
            identities = items.map(\.name)
            self.sheets = sheets
            self.items = items
        }

        func printText() {
            Report.result("wrote \(file), sealed to \(sealedTo)")
            for item in items {
                Report.result("  \(item.name), version \(item.version)  \(item.fingerprint)")
            }
            guard let sheets else { return }
            Report.result("  sheets in \(sheets): print them, give them away, remove the files")
        }
    }

    func run() throws {
        let keystore = try global.keystore()
        for item in keystore.leftAside {
            // Files of an identity that cannot be used are still backed up, as far as they can be
            // read.
            Report.warning(
                item.name == nil
                    ? "the backup leaves out \(item.path): \(item.error.message)"
                    : "the backup may not restore \(item.path): \(item.error.message)"
            )
        }
        let identities = BackupManifest(try keystore.records(), at: .now).identities
        guard !identities.isEmpty else { throw BackupError.nothingToBackUp(keystore.home.path) }
        let output = try OutputFile(file, mode: DurableFile.privateMode, replacing: force)
        let recipient = try recipient(keystore.home, identities)
        let content: Backup.Content
        do {
            content = try Backup.write(keystore, to: output, for: recipient)
        } catch {
            // Without a backup, the sheets are useless and must not be kept.
            if let shares, let sheets { RecoverySheets.remove(count: shares.count, folder: sheets) }
            throw error
        }
        for key in content.keysElsewhere {
            Report.warning(
                "the backup does not hold the private key of version \(key.version) of "
                    + "\"\(key.name)\", which the key provider \"\(key.provider)\" keeps"
            )
        }
        for name in content.skipped {
            Report.warning("the backup leaves out \(Printable.text(name))")
        }
        try output.commitAndWarn()
        if shares != nil { try keep(recipient, in: keystore.home) }
        keystore.audit.note("backup")
        try global.print(
            Document(
                file: file,
                sealedTo: recipient.text,
                content.manifest.identities,
                sheets: sheets
            )
        )
    }

    /// Stores the recovery key's recipient, so that later backups are sealed to the same key.
    private func keep(_ recipient: any AgeRecipient, in home: Home) throws {
        do {
            try DurableFile.replace(
                home.recoveryPath,
                with: Array("\(recipient.text)\n".utf8).borrowedBytes
            )
        } catch {
            Report.warning(
                "this backup and its sheets are good, but later backups will not use these sheets"
            )
            throw error
        }
    }

    private func recipient(
        _ home: Home,
        _ identities: [BackupManifest.Item]
    ) throws -> any AgeRecipient {
        if let shares, let sheets {
            guard newRecovery || !DurableFile.exists(home.recoveryPath) else {
                throw BackupError.hasRecoveryKey
            }
            return try RecoverySheets.make(
                threshold: shares.threshold,
                count: shares.count,
                folder: sheets,
                identities: identities
            )
        }
        let isPassphraseGiven = global.givesNewPassphrase(reusing: true)
        if !usesPassphrase, !isPassphraseGiven, DurableFile.exists(home.recoveryPath) {
            let text = try DurableFile.read(
                home.recoveryPath,
                limit: BackupCommand.largestRecipientByteCount
            )
            return try AgeX25519.Recipient(String(decoding: text.dropLast(), as: UTF8.self))
        }
        return AgeScrypt.Recipient(
            try global.newPassphrase(prompt: "Passphrase of the backup", reusing: true)
        )
    }
}
