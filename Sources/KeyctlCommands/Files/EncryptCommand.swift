internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import EncryptedFiles

/// The command `keyctl encrypt`.
struct EncryptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt",
        abstract: "Encrypt a file for people of the registry, or with a passphrase.",
        discussion: """
            The file is of the age format: age opens it with the RSA key's OpenSSH file. Reads \
            standard input and writes standard output unless told otherwise. A file is for \
            post-quantum recipients (age1pq1…) or for others, never for both.

            Examples:
              keyctl encrypt -r bob -r carol -o plan.pdf.age plan.pdf
              keyctl encrypt -p -o plan.pdf.age plan.pdf
              keyctl encrypt -r age1yubikey1… -o plan.pdf.age plan.pdf
              tar c project | keyctl encrypt -r bob > project.tar.age
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.customShort("r"), .customLong("recipient")],
        help: ArgumentHelp(
            "A recipient: a name, a group, age1…, age1PLUGIN1…, 'ssh-rsa AAAA…'. May be repeated.",
            valueName: "name"
        )
    )
    var recipients: [String] = []
    @Option(
        name: [.customShort("R"), .customLong("recipients-file")],
        help: ArgumentHelp("A file of recipients, one a line.", valueName: "file")
    )
    var recipientFiles: [String] = []
    @Option(
        name: [.customShort("i"), .customLong("identity")],
        help: ArgumentHelp(
            "A file of identities, to encrypt for those who have it; '-' is standard input.",
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
    @Flag(name: [.customShort("p"), .customLong("passphrase")], help: "Encrypt with a passphrase.")
    var usesPassphrase = false
    @Flag(name: [.customShort("a"), .customLong("armor")], help: "Write text, not binary.")
    var armor = false
    @OptionGroup var destination: OutputOptions
    @Argument(help: ArgumentHelp("What to encrypt (default: standard input).", valueName: "file"))
    var file: String?

    func validate() throws {
        let namesNobody =
            recipients.isEmpty && recipientFiles.isEmpty && identities.isEmpty && plugins.isEmpty
        guard usesPassphrase || !namesNobody else {
            throw ValidationError("no recipient is given: add -r NAME, or -p for a passphrase")
        }
        guard !identities.contains("-") || file != nil && file != "-" else {
            throw ValidationError(
                "-i - reads the identity from standard input: name the file to encrypt"
            )
        }
        guard !usesPassphrase || namesNobody else {
            throw ValidationError(
                "-p cannot be combined with recipients: use either a passphrase or recipients"
            )
        }
    }

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let out: String?
        let recipients: [String]
    }

    func run() throws {
        let input = try CommandInput.stream(file)
        let output = try FileOutput(destination, from: input, isText: armor)
        let chosen = try chosenRecipients()
        let source = ProgressSource(input, verb: "encrypting")
        if armor {
            let encoder = AgeArmorEncoder(output.sink)
            try AgeFile.encrypt(source, to: encoder, for: chosen, plugins: global.pluginHost)
            try encoder.finish()
        } else {
            try AgeFile.encrypt(
                source,
                to: output.sink,
                for: chosen,
                plugins: global.pluginHost
            )
        }
        try output.commit()
        guard !output.isStandard else { return }
        if global.json {
            try Report.json(Document(out: destination.out, recipients: chosen.map(\.text)))
        } else {
            Report.note("encrypted for \(chosen.map(\.name).joined(separator: "; "))")
        }
    }

    private func chosenRecipients() throws -> [any AgeRecipient] {
        guard !usesPassphrase else {
            let passphrase = try global.newPassphrase(
                prompt: "Passphrase for the file",
                reusing: true
            )
            return [AgeScrypt.Recipient(passphrase)]
        }
        var lookup = try RecipientLookup(global.keystore(), global.dialogue)
        var seen: Set<String> = []
        var all: [any AgeRecipient] = []
        for recipient in recipients { all += try lookup.recipients(recipient) }
        for path in recipientFiles { all += try lookup.recipients(inFile: path) }
        for path in identities {
            let text = try CommandInput.secret(path, limit: IdentityFile.largestByteCount)
            let read = try IdentityFile.read(text.bytes, from: path, user: global.dialogue)
            all += try lookup.recipients(of: read, from: path)
        }
        for plugin in plugins {
            all += try lookup.recipients(of: [AgePlugin.Identity(plugin)], from: "the plugin")
        }
        return all.filter { seen.insert($0.distinctText).inserted }
    }
}
