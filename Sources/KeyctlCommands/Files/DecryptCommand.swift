internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import EncryptedFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl decrypt`.
struct DecryptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt",
        abstract: "Decrypt a file of the age format.",
        discussion: """
            keyctl tries each of your identities, in each version that is not revoked, and prints \
            on standard error which one opened the file. With -i, only the named key files are \
            tried, as age does, unless --user adds an identity. -j, and lines such as \
            AGE-PLUGIN-YUBIKEY-1… in such a file, run a plugin of age: the program \
            age-plugin-NAME in a folder of PATH. Only authenticated content is written. With -o, \
            the file appears only when all of it is authenticated.

            Examples:
              keyctl decrypt -o plan.pdf plan.pdf.age
              keyctl decrypt -i ~/.ssh/id_rsa notes.age
              keyctl decrypt project.tar.age | tar x
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.customShort("i"), .customLong("identity")],
        help: ArgumentHelp(
            "A file of age identities, or a private RSA key; '-' is standard input.",
            valueName: "file"
        )
    )
    var identities: [String] = []
    @Option(
        name: [.customShort("j"), .customLong("plugin")],
        help: ArgumentHelp("A plugin of age that needs no identity file.", valueName: "name"),
        transform: AgePluginName.argument
    )
    var plugins: [AgePluginName] = []
    @Option(help: "Use only this identity of the keystore.", transform: KeyName.argument)
    var user: KeyName?
    @Flag(help: "Try revoked versions, too. A thief may have the same key.")
    var withRevoked = false
    @OptionGroup var destination: OutputOptions
    @Argument(help: ArgumentHelp("What to decrypt (default: standard input).", valueName: "file"))
    var file: String?

    func validate() throws {
        guard !identities.contains("-") || file != nil && file != "-" else {
            throw ValidationError(
                "-i - reads the key from standard input: name the file to decrypt"
            )
        }
    }

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let out: String?
        let openedBy: String
    }

    func run() throws {
        let input = try CommandInput.stream(file)
        let output = try FileOutput(destination, from: input, isText: true)
        let reader = try AgeReader(ProgressSource(input, verb: "decrypting"))
        let opened = try open(reader, name: input.name)
        try opened.decrypt(to: output.sink)
        try output.commit()
        if global.json, !output.isStandard {
            try Report.json(Document(out: destination.out, openedBy: opened.openedByText))
        } else {
            Report.note("opened by \(opened.openedBy)")
        }
    }

    private func open(_ reader: AgeReader, name: String) throws -> OpenedFile {
        var given = try identities.flatMap { path in
            let text = try CommandInput.secret(path, limit: IdentityFile.largestByteCount)
            return try IdentityFile.read(text.bytes, from: path, user: global.dialogue)
        }
        given += plugins.map { AgePlugin.Identity($0) }
        // A plugin may know the passphrase; other identities do not.
        if reader.header.isForPassphrase, !given.contains(where: { $0 is AgePlugin.Identity }) {
            return try OpenedFile(reader) { try global.passphrase(prompt: "Passphrase of \(name)") }
        }
        let host = global.pluginHost
        // With -i and -j alone no keystore is needed, as for age.
        guard given.isEmpty || user != nil else {
            return try OpenedFile(reader, with: given, plugins: host) {
                AgeError.noMatch(
                    "none of the keys given with \(plugins.isEmpty ? "-i" : "-i or -j") opens this "
                        + "file",
                    hint:
                        "the file may be for another key; see its recipients: keyctl inspect FILE"
                )
            }
        }
        let keystore = try global.keystore()
        let own = try StoredIdentity.all(
            in: keystore,
            of: user,
            withRevoked: withRevoked,
            user: global.dialogue
        )
        return try OpenedFile(reader, with: given + own, plugins: host) {
            try StanzaOwners(keystore.registry.state)
                .noMatch(reader.header, in: keystore, withRevoked: withRevoked)
        }
    }
}
