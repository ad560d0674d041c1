internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import Failures
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl import`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in keys: public ones into the registry, private ones into the keystore.",
        discussion: """
            Every format of keyctl convert is read; keyctl inspect says what a file is. A \
            rotation statement updates a known key. A folder is imported file by file. The name \
            comes from --user, else from the file's name: server.pub and key_server.pem are \
            "server". A file of several keys (authorized_keys, allowed_signers, JWKS) names each \
            key itself. Of several PEM blocks, one key is taken: the private key beside its \
            certificate, or the first certificate of a chain.

            Weak keys are refused, each with its reason.

            Examples:
              keyctl import server.pub
              keyctl import bob-2026.pub --user bob
              keyctl import keys/
              keyctl import alice+rotation.txt
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sealing: SealingOptions

    @Argument(help: ArgumentHelp("Key files, statements or folders.", valueName: "file"))
    var files: [String]
    @Option(help: "The name for the key.", transform: KeyName.argument)
    var user: KeyName?
    @Option(
        help: ArgumentHelp(
            "The format of the files (default: found by their content); for a plugin's format.",
            valueName: "format"
        )
    )
    var format: String?
    @Flag(help: "Accept another key for a known name: only after asking its owner in person.")
    var replace = false

    @Flag(help: "Accept a weak key, with a warning.")
    var allowWeak = false

    func validate() throws {
        guard user == nil || files.count == 1 else {
            throw ValidationError("--user names one key, but several files are given")
        }
    }

    func run() throws {
        var keystore = try global.keystore()
        var failures = 0
        var work = KeyWork.command
        let paths = try files.flatMap(expand)
        guard !paths.isEmpty else {
            throw CommandError.usage("there is no key file in \(files.joined(separator: ", "))")
        }
        guard user == nil || paths.count == 1 else {
            throw CommandError.usage("--user names one key, but the folder holds \(paths.count)")
        }
        for path in paths {
            do {
                for outcome in try importFile(path, &keystore, &work) {
                    try global.print(outcome)
                }
            } catch {
                // A weak key or a bad name is told with the file that it stands in.
                let told: any Error =
                    (error as? KeyFormatError).map { LocatedFailure(keyFile: path, $0) } ?? error
                guard paths.count > 1 else { throw told }
                failures += 1
                if !(told is LocatedFailure) { Report.note("\(path):") }
                Report.error(told)
            }
        }
        guard failures == 0 else { throw ExitCode(ExitStatus.failed) }
    }

    private func expand(_ path: String) throws -> [String] {
        guard let names = try? DurableFile.names(in: path) else { return [path] }
        let extensions = [
            ".pub", ".pem", ".der", ".crt", ".cer", ".key", ".jwk", ".p8", ".p12", ".csr",
        ]
        return names.filter { name in extensions.contains { name.hasSuffix($0) } }
            .map { "\(path)/\($0)" }
    }

    private func importFile(
        _ path: String,
        _ keystore: inout Keystore,
        _ work: inout KeyWork
    ) throws -> [ImportOutcome] {
        let text = try KeyFileReader.read(path)
        // A private key is not copied just to be looked at.
        if format == nil, text.count <= StatementFile.largestByteCount,
            StatementFile.begins(text.bytes),
            let chain = try StatementFile.decode(text.publicBytes)
        {
            return [try follow(chain, &keystore)]
        }
        let file = try global.keyFile(text.bytes, from: path, as: format)
        let selection = try file.isBundle ? KeyFileReader.select(from: file, in: path) : nil
        let entries = selection.map { [$0.entry] } ?? file.entries
        try requireWork(entries, in: path, keystore, &work)
        guard entries.count != 1 else {
            let entry = entries[0]
            return [try importEntry(entry, name(for: path), &keystore, from: path, selection)]
        }
        guard user == nil else {
            throw CommandError.usage(
                "--user names one key, but \(path) holds \(file.entries.count)"
            )
        }
        // Every name is known before the first key is taken in.
        let named = try file.entries.map { ($0, try name(of: $0, in: path)) }
        guard !named.isEmpty else { throw CommandError.usage("\(path) holds no key") }
        // What could be refused is looked at before the first key is taken in, and only once: each
        // key is compared with those before it.
        var examination = try KeyExamination.standard(keystore)
        for (entry, name) in named {
            if case .otherKind = entry.material { throw otherKind(entry, in: path) }
            guard let key = entry.publicKey else { continue }
            try WeakKeys.judge(key, by: examination, allowing: allowWeak)
            examination.learn(key, of: name.description)
        }
        var outcomes: [ImportOutcome] = []
        for (entry, name) in named {
            outcomes.append(
                try importEntry(entry, name, &keystore, from: path, nil, isExamined: true)
            )
        }
        return outcomes
    }

    /// Spends what looking at these keys costs, before any of them is looked at.
    private func requireWork(
        _ entries: [KeyEntry],
        in path: String,
        _ keystore: Keystore,
        _ work: inout KeyWork
    ) throws {
        let knownCount = try KeyExamination.standard(keystore).knownCount
        let keys = entries.compactMap(\.publicKey)
        var own = KeyWork.file
        do {
            try own.spend(on: keys, knownCount: knownCount, learning: true)
            try work.spend(on: keys, knownCount: knownCount, learning: true)
        } catch { throw LocatedFailure(keyFile: path, error) }
    }

    private func name(for path: String) throws -> KeyName {
        try user ?? KeyName(fileName: path.split(separator: "/").last ?? "")
    }

    /// The name that a list gives a key: `alice@laptop` is "alice".
    private func name(of entry: KeyEntry, in path: String) throws -> KeyName {
        let text = entry.name.prefix { $0 != "@" && $0 != " " }.lowercased()
        do { return try KeyName(text) } catch {
            throw CommandError.usage(
                "a key in \(path) has a name that cannot be used: "
                    + "\"\(Printable.text(entry.name, limit: 64))\"",
                hint: "copy the key into a separate file, and import it with --user NAME"
            )
        }
    }

    private func importEntry(
        _ entry: KeyEntry,
        _ name: KeyName,
        _ keystore: inout Keystore,
        from path: String,
        _ selection: KeySelection?,
        isExamined: Bool = false
    ) throws -> ImportOutcome {
        switch entry.material {
        case .publicKey(let key):
            if !isExamined {
                try WeakKeys.judge(key, by: .standard(keystore), allowing: allowWeak)
            }
            return try importPublic(key, name, &keystore)
        case .privateKey(let key):
            try keystore.requireFree(name)
            return try importPrivate(key, name, &keystore, isExamined: isExamined)
        case .lockedPrivateKey(let locked):
            try keystore.requireFree(name)
            let key = try global.dialogue.unlock(locked, name: path)
            do {
                try selection?.requireMatch(PublicKey(key.publicKey, allowingWeak: true))
            } catch { throw LocatedFailure(keyFile: path, error) }
            return try importPrivate(key, name, &keystore)
        case .otherKind: throw otherKind(entry, in: path)
        }
    }

    private func otherKind(_ entry: KeyEntry, in path: String) -> LocatedFailure {
        let kind = if case .otherKind(let kind) = entry.material { kind } else { "" }
        let isCertificate = entry.certificate != nil
        return LocatedFailure(
            keyFile: path,
            KeyFormatError.otherKind(kind, inCertificate: isCertificate)
        )
    }

    private func importPublic(
        _ key: PublicKey,
        _ name: KeyName,
        _ keystore: inout Keystore
    ) throws -> ImportOutcome {
        if replace, try keystore.records().contains(where: { $0.name == name }) {
            throw CommandError.usage(
                "\"\(name)\" is your own identity, and its key is not replaced by import",
                hint: "give the other person another name: --user NAME"
            )
        }
        let added = try keystore.changeRegistry("import", name) { state in
            try state.statementsToImport(key, as: name, replacing: replace, at: .now)
        }
        let verb: String
        switch added.first?.act {
        case nil: verb = "known already"
        case .replace: verb = "REPLACED"
        default: verb = "registered"
        }
        if verb == "REPLACED" {
            Report.warning(
                "the key of \"\(name)\" was replaced with --replace: messages to this name are now "
                    + "encrypted for the new key"
            )
        }
        return try ImportOutcome(keystore, name, verb: verb)
    }

    private func importPrivate(
        _ key: RSAPrivateKey,
        _ name: KeyName,
        _ keystore: inout Keystore,
        isExamined: Bool = false
    ) throws -> ImportOutcome {
        // A key from elsewhere: its parts fit together, as reading it made sure, and it is strong.
        if !isExamined {
            let publicKey = try PublicKey(key.publicKey, allowingWeak: true)
            try WeakKeys.judge(publicKey, by: .standard(keystore), allowing: allowWeak)
        }
        let protection = try sealing.protection(
            global,
            prompt: "New passphrase for \(name)",
            reusing: true,
            isImport: true
        )
        let record = try keystore.create(
            name,
            key: key,
            allowingWeak: allowWeak,
            protection: protection
        )
        let revocation = keystore.preparedRevocationPath(record, version: 1)
        if DurableFile.exists(revocation) {
            Report.note("the revocation of the key, for use if the key is lost: \(revocation)")
        }
        return try ImportOutcome(keystore, name, verb: "sealed")
    }
}
