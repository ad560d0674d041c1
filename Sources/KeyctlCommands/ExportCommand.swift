internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import Glibc
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print a public key, or one's own private key for another program.",
        discussion: """
            Examples:
              keyctl export alice > alice.pub
              keyctl export alice --format ssh | ssh-keygen -lf -
              keyctl export alice --private --out alice-backup.pem
            """
    )

    /// Formats of a private key.
    enum PrivateFormat: String {
        case pkcs8
        case pkcs1
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Name of the key.", transform: KeyName.argument)
    var name: KeyName
    @Option(help: "pem, der, pkcs1 or ssh; with --private pkcs8 or pkcs1.")
    var format: String?
    @Option(help: ArgumentHelp("Where to write it.", valueName: "file"))
    var out: String?
    @Flag(name: .customLong("private"), help: "Export the private key, encrypted.")
    var isPrivate = false
    @Flag(help: "With --private: write it unencrypted.")
    var plaintext = false

    func validate() throws {
        guard isPrivate || !plaintext else {
            throw ValidationError("--plaintext goes with --private")
        }
        let known =
            isPrivate ? ["pkcs8", "pkcs1"] : PublicKeyFormats.all.map(\.id)
        if let format, !known.contains(format) {
            throw ValidationError("--format here is one of \(known.joined(separator: ", "))")
        }
        guard !isPrivate || format != "pkcs1" || plaintext else {
            throw ValidationError("PKCS#1 has no encryption: use pkcs8, or add --plaintext")
        }
    }

    func run() throws {
        let keystore = try global.keystore()
        if isPrivate { try exportPrivate(keystore) } else { try exportPublic(keystore) }
    }

    private func exportPublic(_ keystore: Keystore) throws {
        let identity = try keystore.registry.state.known(name)
        guard let chosen = PublicKeyFormats.named(format ?? "pem") else { return }
        if identity.active == nil {
            Report.warning("no version of \"\(name)\" is in use: nobody should trust this key")
        }
        let key = try identity.latest.publicKey()
        let bytes = try chosen.encode(key, comment: name.description)
        if chosen.id == "der", out == nil, isatty(STDOUT_FILENO) == 1 {
            throw CommandError.usage("binary output to a terminal", hint: "add --out FILE")
        }
        if let out {
            try DurableFile.replace(out, with: bytes.borrowedBytes, mode: DurableFile.publicMode)
            Report.note("wrote \(out)")
        } else {
            try DurableFile.write(
                bytes.borrowedBytes,
                to: STDOUT_FILENO,
                name: "standard output"
            )
        }
    }

    private func exportPrivate(_ keystore: Keystore) throws {
        let unlocked = try global.unlock(keystore.record(name), in: keystore)
        let number = unlocked.record.identity.latest.number
        let key = try unlocked.requirePrivateKey(version: number)
        guard plaintext else {
            let passphrase = try global.newPassphrase(
                prompt: "Passphrase for the exported file",
                reusing: true
            )
            let der = try passphrase.bytes.withBytes {
                try EncryptedPrivateKey.seal(key, passphrase: $0)
            }
            let text = Array(PEM.encode(der, label: "ENCRYPTED PRIVATE KEY").utf8)
            return try write(text.borrowedBytes)
        }
        Report.warning("this file opens without a passphrase: whoever reads it has the key")
        let der: SecretBytes
        let label: String
        if format == PrivateFormat.pkcs1.rawValue {
            der = try key.pkcs1DERRepresentation()
            label = "RSA PRIVATE KEY"
        } else {
            der = try key.pkcs8DERRepresentation()
            label = "PRIVATE KEY"
        }
        let text = PEM.encode(secret: der.bytes, label: label)
        try write(text.bytes)
    }

    private func write(_ text: RawSpan) throws {
        guard let out else {
            return try DurableFile.write(text, to: STDOUT_FILENO, name: "standard output")
        }
        // A private key never takes the place of another file.
        try DurableFile.create(out, with: text)
        Report.note("wrote \(out)")
    }
}
