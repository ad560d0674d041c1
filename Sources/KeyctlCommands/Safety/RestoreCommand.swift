internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry
internal import SecretShares

/// `keyctl restore`.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a backup back; or a destroyed key, within its time of grace.",
        discussion: """
            A backup is brought into a home that has no keys yet: all of it, or nothing. Every \
            identity is compared with what the backup says of it, and its fingerprint is printed.

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

    private struct Document: Encodable {
        let version = 1
        let home: String
        let made: String
        let identities: [Item]
    }

    private struct Item: Encodable {
        let name: String
        let version: Int
        let fingerprint: String
    }

    func run() throws {
        guard let file else { return try undestroy() }
        let home = try RestoredHome.place(global.keyctlHome)
        try RestoredHome.requireEmpty(home)
        let input = try InputFile(file)
        let reader = try AgeReader(ProgressSource(input, verb: "restoring"))
        let fileKey = try open(reader)
        let restored = try RestoredHome(beside: home)
        let manifest: BackupManifest
        do {
            let sink = ArchiveSink(
                folder: restored.path,
                limit: BackupCommand.largestFileByteCount
            )
            try fileKey.withBytes { try reader.decrypt($0, to: sink) }
            guard sink.isEnded, sink.names.first == BackupManifest.name else {
                throw BackupError.damaged
            }
            manifest = try restored.verified()
            try restored.move(to: home)
        } catch {
            restored.discard()
            throw error
        }
        guard !global.json else {
            return try Report.json(
                Document(
                    home: home.path,
                    made: manifest.made,
                    identities: manifest.identities.map {
                        Item(name: $0.name, version: $0.version, fingerprint: $0.fingerprint)
                    }
                )
            )
        }
        Report.result("restored \(home.path), as it was at \(manifest.made)")
        for item in manifest.identities {
            Report.result("  \(item.name), version \(item.version)  \(item.fingerprint)")
        }
        Report.note("compare the fingerprints with those on your sheets, or with somebody's list")
    }

    private func undestroy() throws {
        guard let keyVersion else { return }
        var keystore = try global.keystore()
        let record = try own.record(keystore)
        let restored = try keystore.undestroy(keyVersion, of: record)
        guard !global.json else {
            return try ChangeReport(restored, verb: "restored", statement: nil).print(json: true)
        }
        Report.result("version \(keyVersion) of \(record.name) is back in use")
    }

    private func open(_ reader: AgeReader) throws -> FileKey {
        if reader.header.isForPassphrase {
            guard share.isEmpty else {
                throw CommandError.usage("this backup is sealed with a passphrase, not with shares")
            }
            let identity = AgeScrypt.Identity {
                try global.passphrase(prompt: "Passphrase of the backup")
            }
            guard let opening = try reader.open([identity]) else {
                throw BackupError.wrongPassphrase
            }
            return FileKey(opening.fileKey.copy())
        }
        guard !share.isEmpty || TerminalPrompt.isThere && !global.givesPassphrase else {
            throw BackupError.needsShares
        }
        let shares = try share.isEmpty ? typedShares() : share.map { try RecoverySheets.share($0) }
        let secret = try SecretShares.combine(enough(shares))
        let identity = try AgeX25519.Identity(secret: secret.bytes)
        guard let opening = try reader.open([identity]) else { throw BackupError.wrongShares }
        return FileKey(opening.fileKey.copy())
    }

    /// As many as open: whoever has all sheets at hand may give them all, and one twice.
    private func enough(_ shares: [Share]) -> [Share] {
        var seen: Set<ShareParameters> = []
        let different = shares.filter { seen.insert($0.parameters).inserted }
        return Array(different.prefix(shares.first.map(\.parameters.memberThreshold) ?? 0))
    }

    /// The words of a share, in as many lines as the sheet has.
    private func typedWords(_ title: String) throws -> SecretBytes {
        var words = SecretBytes(count: 0) { _ in }
        var prompt = "\(title), its words line by line (nothing is shown): "
        while true {
            let line = try TerminalPrompt.secretLine(prompt)
            words = RecoverySheets.joined(words, line)
            let count = Share.wordCount(in: words.bytes)
            let isBlank = Share.wordCount(in: line.bytes) == 0
            if isBlank || count >= Share.largestWordCount { return words }
            if (try? Share(words: words.bytes)) != nil { return words }
            prompt = "\(count) words so far; go on, or an empty line to begin again: "
        }
    }

    /// Asks for the words on the terminal, until there are enough.
    private func typedShares() throws -> [Share] {
        var shares: [Share] = []
        var wanted = 1
        while shares.count < wanted {
            let title = wanted == 1 ? "First share" : "Share \(shares.count + 1) of \(wanted)"
            let words = try typedWords(title)
            do throws(SharesError) {
                let share = try Share(words: words.bytes)
                guard !shares.contains(where: { $0.parameters == share.parameters }) else {
                    Report.note("that share was given already")
                    continue
                }
                wanted = share.parameters.memberThreshold
                shares.append(share)
            } catch { Report.error(error) }
        }
        return shares
    }
}

/// A home that is being restored, beside its place until it is whole.
struct RestoredHome {
    let path: String

    /// The home's own path, whatever links, dots and slashes it was named with.
    static func place(_ home: Home) throws -> Home {
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

    /// Throws where keys would be replaced.
    static func requireEmpty(_ home: Home) throws {
        guard DurableFile.exists(home.path) else { return }
        let names = try DurableFile.names(in: home.path, withHidden: true)
        for name in names {
            let inner = "\(home.path)/\(name)"
            if let below = try? DurableFile.names(in: inner, withHidden: true), below.isEmpty {
                continue
            }
            guard name == "lock" || name == "audit.log.lock" else {
                throw BackupError.notEmpty(home.path)
            }
        }
    }

    init(beside home: Home) throws {
        path = "\(home.path).restoring-\(UInt32.random(in: 0...UInt32.max))"
        try DurableFile.makeFolder(path)
    }

    /// What the backup says of itself, compared with what is in it.
    func verified() throws -> BackupManifest {
        let place = "\(path)/\(BackupManifest.name)"
        let bytes = try DurableFile.read(place, limit: BackupManifest.largestByteCount)
        let manifest = try BackupManifest(bytes)
        try DurableFile.remove(place)
        let keystore = try Keystore(home: Home(path: path))
        let records = try keystore.records()
        guard records.map(BackupManifest.item) == manifest.identities else {
            throw BackupError.differs("it holds other identities than the list names")
        }
        for record in records {
            try keystore.requireSealed(record)
            // What opens without a passphrase is opened; the rest is proven by its first use.
            guard try !keystore.needsPassphrase(record) else { continue }
            _ = try keystore.unlock(record, passphrase: nil)
        }
        return manifest
    }

    func move(to home: Home) throws {
        if DurableFile.exists(home.path) {
            // Nothing but empty folders and locks, as was made sure.
            for name in try DurableFile.names(in: home.path, withHidden: true) {
                try DurableFile.removeEmpty("\(home.path)/\(name)")
            }
        }
        try DurableFile.move(path, to: home.path)
    }

    func discard() { DurableFile.removeTree(path) }
}
