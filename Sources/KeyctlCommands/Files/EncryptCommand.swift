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
              tar c project | keyctl encrypt -r bob > project.tar.age
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.customShort("r"), .customLong("recipient")],
        help: ArgumentHelp(
            "A recipient: a name, a group, age1…, or 'ssh-rsa AAAA…'. May be repeated.",
            valueName: "name"
        )
    )
    var recipients: [String] = []
    @Option(
        name: [.customShort("R"), .customLong("recipients-file")],
        help: ArgumentHelp("A file of recipients, one a line.", valueName: "file")
    )
    var recipientFiles: [String] = []
    @Flag(name: [.customShort("p"), .customLong("passphrase")], help: "Encrypt with a passphrase.")
    var usesPassphrase = false
    @Flag(name: [.customShort("a"), .customLong("armor")], help: "Write text, not binary.")
    var armor = false
    @OptionGroup var destination: OutputOptions
    @Argument(help: ArgumentHelp("What to encrypt (default: standard input).", valueName: "file"))
    var file: String?

    func validate() throws {
        guard usesPassphrase || !recipients.isEmpty || !recipientFiles.isEmpty else {
            throw ValidationError("no recipient is given: add -r NAME, or -p for a passphrase")
        }
        guard !usesPassphrase || recipients.isEmpty && recipientFiles.isEmpty else {
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
            try AgeFile.encrypt(source, to: encoder, for: chosen)
            try encoder.finish()
        } else {
            try AgeFile.encrypt(source, to: output.sink, for: chosen)
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
        return all.filter { seen.insert($0.text).inserted }
    }
}
