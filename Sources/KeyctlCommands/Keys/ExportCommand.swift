internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print public keys, or your own private key for another program.",
        discussion: """
            A private key is encrypted with its own passphrase, unless --plaintext is given. \
            jwks, authorized-keys and allowed-signers take several names.

            Formats: \(KeyFileOptions.formatIDs.joined(separator: ", ")).

            Examples:
              keyctl export alice > alice.pub
              keyctl export alice --format ssh | ssh-keygen -lf -
              keyctl export alice bob --format allowed-signers > allowed_signers
              keyctl export alice --private --format openssh --out id_rsa
              keyctl export alice --format csr --san dns:alice.example
              keyctl export alice --statements --out alice+rotation.txt
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: KeyFileOptions

    @Argument(help: "Names of keys.", transform: KeyName.argument)
    var names: [KeyName]
    @Option(
        help: ArgumentHelp(
            "The format (default: pem; with --private pkcs8), or the id of a trusted plugin.",
            valueName: "format"
        )
    )
    var format: String?
    @Flag(name: .customLong("private"), help: "Export the private key, encrypted.")
    var isPrivate = false
    @Option(help: ArgumentHelp("A version other than the latest.", valueName: "number"))
    var keyVersion: Int?
    @Flag(help: "Export the statements of your identity, for other people to import.")
    var statements = false

    private var chosen: any KeyFormat {
        get throws { try global.keyFormat(format ?? (isPrivate ? "pkcs8" : "pem")) }
    }

    func validate() throws {
        guard !statements || names.count == 1 && format == nil && !isPrivate && keyVersion == nil
        else { throw ValidationError("--statements goes with one name and --out alone") }
        guard isPrivate || !options.plaintext else {
            throw ValidationError("--plaintext goes with --private")
        }
        guard names.count == 1 || keyVersion == nil else {
            throw ValidationError("--key-version goes with one name")
        }
    }

    func run() throws {
        let keystore = try global.keystore()
        guard !statements else { return try exportStatements(keystore.record(names[0])) }
        let format = try chosen
        try requireFit(format.content)
        if format.content.needsSigner {
            return try exportSigned(names[0], as: format, keystore)
        }
        let entries = try names.map { name in
            try isPrivate ? privateEntry(name, keystore) : publicEntry(name, keystore)
        }
        try options.write(entries, as: format, global)
    }

    /// Throws `CommandError` if the format cannot hold what is asked for.
    private func requireFit(_ content: KeyContent) throws {
        guard !isPrivate || content.holdsPrivateKeys else {
            throw CommandError.usage("that format holds no private key")
        }
        guard isPrivate || content.holdsPublicKeys else {
            throw CommandError.usage("that format holds private keys: add --private")
        }
        guard names.count == 1 || content.isList else {
            throw CommandError.usage(
                "that format holds one key: use jwks, authorized-keys or allowed-signers"
            )
        }
    }

    private func exportStatements(_ record: IdentityRecord) throws {
        guard !record.chain.isEmpty else {
            throw CommandError.usage(
                "\"\(record.name)\" has made no statements yet",
                hint: "other people need only the public key: keyctl export \(record.name)"
            )
        }
        try options.write(
            StatementFile.encode(record.handedOut).borrowedBytes,
            isText: true,
            json: global.json
        )
    }

    private func publicEntry(_ name: KeyName, _ keystore: Keystore) throws -> KeyEntry {
        let identity = try keystore.registry.state.known(name)
        if identity.active == nil {
            Report.warning("no version of \"\(name)\" is in use, so do not trust this key")
        }
        let version = try chosenVersion(identity)
        return try KeyEntry(.publicKey(version.storedKey()), name: name.description)
    }

    private func privateEntry(_ name: KeyName, _ keystore: Keystore) throws -> KeyEntry {
        let unlocked = try global.unlock(keystore.record(name), in: keystore)
        let version = try chosenVersion(unlocked.record.identity)
        let key = try unlocked.exportedKey(version: version.number)
        return KeyEntry(.privateKey(key), name: name.description)
    }

    /// Writes what the key signs of itself: a certificate or a request.
    private func exportSigned(
        _ name: KeyName,
        as format: any KeyFormat,
        _ keystore: Keystore
    ) throws {
        let unlocked = try global.unlock(keystore.record(name), in: keystore)
        let version = try chosenVersion(unlocked.record.identity)
        let key = try unlocked.requireKey(version: version.number)
        let entry = KeyEntry(.publicKey(try version.storedKey()), name: name.description)
        try options.write([entry], as: format, signer: key, global)
    }

    private func chosenVersion(_ identity: RegisteredIdentity) throws -> RegisteredVersion {
        guard let keyVersion else { return identity.latest }
        guard let version = identity.version(keyVersion) else {
            throw CommandError.usage(
                "\"\(identity.name)\" has no version \(keyVersion)",
                hint: "see what there is: keyctl show \(identity.name)"
            )
        }
        return version
    }
}
