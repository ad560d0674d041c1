internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore

/// `keyctl backup`.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write the whole keystore and registry into one sealed file.",
        discussion: """
            The file is a tar archive in the age format, so that age and tar open it where keyctl is \
            not at hand. It is sealed with a passphrase of its own; or to a recovery key that exists \
            only as shares on paper, of which any K of N open it: --shares makes one, and later \
            backups use it without asking, unless a passphrase is given. Your keys keep their own \
            passphrases inside. What a chat stores is not in it.

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
        help: "With a passphrase, even so."
    )
    var usesPassphrase = false
    @Flag(help: "Make another recovery key: the old sheets open no later backup.")
    var newRecovery = false
    @Flag(help: "Replace the file where there is one.")
    var force = false

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

    private struct Document: Encodable {
        let version = 1
        let file: String
        let sealedTo: String
        let identities: [String]
        let sheets: String?
    }

    func run() throws {
        let keystore = try global.keystore()
        for item in keystore.leftAside {
            // Of what cannot be used, the files that can be read are kept all the same.
            Report.warning(
                item.name == nil
                    ? "the backup leaves out \(item.path): \(item.error.message)"
                    : "the backup may not restore \(item.path): \(item.error.message)"
            )
        }
        let known = BackupManifest(try keystore.records(), at: .now)
        guard !known.identities.isEmpty else { throw BackupError.nothing(keystore.home.path) }
        let output = try OutputFile(file, mode: DurableFile.privateMode, replacing: force)
        let recipient = try recipient(keystore.home, known)
        let manifest: BackupManifest
        do {
            manifest = try write(keystore, to: output, for: recipient)
        } catch {
            // Nobody may keep sheets of a key that nothing is sealed to.
            if let shares, let sheets { RecoverySheets.remove(count: shares.count, folder: sheets) }
            throw error
        }
        try output.commitAndWarn()
        if shares != nil {
            do {
                try DurableFile.replace(
                    keystore.home.recoveryPath,
                    with: Array("\(recipient.name)\n".utf8).borrowedBytes
                )
            } catch {
                Report.warning(
                    "this backup and its sheets are good, but later backups will not use these "
                        + "sheets"
                )
                throw error
            }
        }
        keystore.audit.note("backup")
        guard !global.json else {
            return try Report.json(
                Document(
                    file: file,
                    sealedTo: recipient.name,
                    identities: manifest.identities.map(\.name),
                    sheets: sheets
                )
            )
        }
        Report.result("wrote \(file), sealed to \(recipient.name)")
        for item in manifest.identities {
            Report.result("  \(item.name), version \(item.version)  \(item.fingerprint)")
        }
        if let sheets {
            Report.result("  sheets in \(sheets): print them, give them away, remove the files")
        }
    }

    static let largestFileByteCount = 1 << 30

    /// Writes the archive; under the lock, so that nothing changes while it is read.
    private func write(
        _ keystore: Keystore,
        to output: OutputFile,
        for recipient: any AgeRecipient
    ) throws -> BackupManifest {
        let lock = try keystore.home.lock()
        let records = try keystore.records()
        let manifest = BackupManifest(records, at: .now)
        let (files, skipped) = try keystore.home.backedUpFiles()
        let names = Set(files.map(\.name))
        for record in records {
            try keystore.requireSealed(record)
            let folder = "identities/\(record.name)/"
            guard names.contains(folder + "identity"),
                names.contains(where: { $0.hasPrefix(folder + "sealed.") })
            else { throw BackupError.differs("the keys of \"\(record.name)\" were not found") }
            for (version, place) in record.keysElsewhere {
                Report.warning(
                    "the backup does not hold the private key of version \(version) of "
                        + "\"\(record.name)\", which the key provider "
                        + "\"\(place.provider)\" keeps"
                )
            }
        }
        for name in skipped {
            Report.warning("the backup leaves out \(Printable.text(name))")
        }
        let source = ArchiveSource(
            head: (BackupManifest.name, manifest.encoded),
            files: files,
            limit: BackupCommand.largestFileByteCount
        )
        try AgeFile.encrypt(source, to: output, for: [recipient])
        _ = consume lock
        return manifest
    }

    private func recipient(_ home: Home, _ manifest: BackupManifest) throws -> any AgeRecipient {
        if let shares, let sheets {
            guard newRecovery || !DurableFile.exists(home.recoveryPath) else {
                throw BackupError.hasRecovery
            }
            return try RecoverySheets.make(
                threshold: shares.threshold,
                count: shares.count,
                folder: sheets,
                identities: manifest.identities
            )
        }
        let isPassphraseGiven = global.givesNewPassphrase(reusing: true)
        if !usesPassphrase, !isPassphraseGiven, DurableFile.exists(home.recoveryPath) {
            let text = try DurableFile.read(home.recoveryPath, limit: 200)
            return try AgeX25519.Recipient(String(decoding: text.dropLast(), as: UTF8.self))
        }
        return AgeScrypt.Recipient(
            try global.newPassphrase(prompt: "Passphrase of the backup", reusing: true)
        )
    }
}

/// How many shares there are, and how many open.
struct ShareCounts {
    let threshold: Int
    let count: Int

    static func read(_ text: String) throws -> ShareCounts {
        let parts = text.split(separator: "/").map { Int($0) ?? 0 }
        guard parts.count == 2, (2...16).contains(parts[1]), (2...parts[1]).contains(parts[0])
        else {
            throw ValidationError(
                "--shares must be written as K/N, such as 2/3 for any 2 of 3; N is at most 16"
            )
        }
        return ShareCounts(threshold: parts[0], count: parts[1])
    }
}
