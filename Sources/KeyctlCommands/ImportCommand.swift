internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl import`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in keys: public ones into the registry, private ones into the keystore.",
        discussion: """
            A public key is SPKI or PKCS#1 (PEM or DER), an OpenSSH line or an X.509 certificate; a
            private key is PKCS#8, plain or encrypted, or PKCS#1. A rotation statement moves a known
            key along. A folder is imported file by file. The name comes from --user, else from the
            file's name: server.pub and key_server.pem are "server".

            Examples:
              keyctl import server.pub
              keyctl import bob-2026.pub --user bob
              keyctl import keys/
              keyctl import alice-rotation.txt
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sealing: SealingOptions

    @Argument(help: ArgumentHelp("Key files, statements or folders.", valueName: "file"))
    var files: [String]
    @Option(help: "Name to know the key by.", transform: KeyName.argument)
    var user: KeyName?
    @Flag(help: "Accept another key for a known name: only after asking its owner in person.")
    var replace = false

    func validate() throws {
        guard user == nil || files.count == 1 else {
            throw ValidationError("--user names one key, but several files are given")
        }
    }

    func run() throws {
        var keystore = try global.keystore()
        var failures = 0
        let paths = try files.flatMap(expand)
        guard !paths.isEmpty else {
            throw CommandError.usage("there is no key file in \(files.joined(separator: ", "))")
        }
        guard user == nil || paths.count == 1 else {
            throw CommandError.usage("--user names one key, but the folder holds \(paths.count)")
        }
        for path in paths {
            do {
                for outcome in try importFile(path, &keystore) {
                    try outcome.print(json: global.json)
                }
            } catch {
                guard paths.count > 1 else { throw error }
                failures += 1
                Report.note("\(path):")
                Report.error(error)
            }
        }
        guard failures == 0 else { throw ExitCode(ExitStatus.failed) }
    }

    private func expand(_ path: String) throws -> [String] {
        guard let names = try? DurableFile.names(in: path) else { return [path] }
        let extensions = [".pub", ".pem", ".der", ".crt", ".cer", ".key"]
        return names.filter { name in extensions.contains { name.hasSuffix($0) } }
            .map { "\(path)/\($0)" }
    }

    private func importFile(
        _ path: String,
        _ keystore: inout Keystore
    ) throws -> [ImportOutcome] {
        let text = try DurableFile.readSecret(path, limit: StatementFile.largestByteCount)
        if let key = try PrivateKeyFile.decode(text.bytes) {
            return [try importPrivate(key, name(for: path), &keystore)]
        }
        let bytes = text.publicBytes
        if let chain = try StatementFile.decode(bytes) {
            return [try follow(chain, &keystore)]
        }
        let key = try PublicKeyFormats.decode(bytes)
        return [try importPublic(key, name(for: path), &keystore)]
    }

    private func name(for path: String) throws -> KeyName {
        try user ?? KeyName(fileName: path.split(separator: "/").last ?? "")
    }

    private func importPublic(
        _ key: PublicKey,
        _ name: KeyName,
        _ keystore: inout Keystore
    ) throws -> ImportOutcome {
        if replace, try keystore.records().contains(where: { $0.name == name }) {
            throw CommandError.usage(
                "\"\(name)\" is your own identity, and its key is not replaced by import",
                hint: "know the other person by another name: --user NAME"
            )
        }
        let added = try keystore.changeRegistry { state in
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
                "the key of \"\(name)\" was replaced by hand: messages to it now go to another key"
            )
        }
        return try ImportOutcome(keystore, name, verb: verb)
    }

    private func follow(
        _ chain: [Statement],
        _ keystore: inout Keystore
    ) throws -> ImportOutcome {
        let added = try keystore.changeRegistry { try $0.statementsToFollow(chain) }
        let state = keystore.registry.state
        guard let identity = state.identity(inChain: chain) else {
            preconditionFailure("a chain that was followed leads to nobody")
        }
        if let frozen = state.frozenError(identity) { throw frozen }
        return try ImportOutcome(
            keystore,
            identity.name,
            verb: added.isEmpty ? "known already" : "moved along"
        )
    }

    private func importPrivate(
        _ file: PrivateKeyFile,
        _ name: KeyName,
        _ keystore: inout Keystore
    ) throws -> ImportOutcome {
        try keystore.requireFree(name)
        let key: RSAPrivateKey
        switch file {
        case .plain(let plain): key = plain
        case .encrypted(let der):
            let passphrase = try global.passphrase(prompt: "Passphrase of the file for \(name)")
            do {
                key = try passphrase.bytes.withBytes {
                    try EncryptedPrivateKey.open(der, passphrase: $0)
                }
            } catch let error as CryptoError where error.code == .authenticationFailed {
                throw ImportError.wrongPassphrase(name)
            }
        }
        // A key from elsewhere: strong, and its parts fit together.
        _ = try PublicKey(key.publicKey)
        try key.validate()
        let protection = try sealing.protection(
            global,
            prompt: "New passphrase for \(name)",
            reusing: true,
            isImport: true
        )
        _ = try keystore.create(name, key: key, protection: protection)
        return try ImportOutcome(keystore, name, verb: "sealed")
    }
}

/// What an import did.
struct ImportOutcome: Encodable {
    let version = 1
    let outcome: String
    let key: KeyDocument

    init(_ keystore: Keystore, _ name: KeyName, verb: String) throws {
        guard let identity = keystore.registry.state.identity(name) else {
            preconditionFailure("an imported name is not registered")
        }
        outcome = verb
        key = KeyDocument(identity, own: try? keystore.record(name), at: .now)
    }

    func print(json: Bool) throws {
        guard !json else { return try Report.json(self) }
        let latest = key.latest
        Report.result(
            "\(outcome): \(key.name), version \(latest.version), \(latest.bits ?? 0) bits, "
                + (latest.fingerprint ?? "")
        )
    }
}

/// The one failure that is the import's own.
struct ImportError: ReportableError {
    let message: String
    let hint: String?
    let codeName = "wrong-passphrase"

    static func wrongPassphrase(_ name: KeyName) -> ImportError {
        ImportError(
            message: "wrong passphrase for the file of \"\(name)\", or the file is damaged",
            hint: "nothing was changed; --passphrase-… is for the file, --new-passphrase-… for "
                + "the keystore"
        )
    }
}
