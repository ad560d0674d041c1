internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// `keyctl encrypt`.
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
            "Whom it is for: a name, a group, age1…, or 'ssh-rsa AAAA…'; several times for several people.",
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
    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("Where to write it.", valueName: "file")
    )
    var out: String?
    @Flag(help: "Replace the output file where there is one.")
    var force = false
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

    private struct Document: Encodable {
        let version = 1
        let out: String?
        let recipients: [String]
    }

    func run() throws {
        let input = try InputFile(file == "-" ? nil : file)
        let output = try FileOutput(out, from: input, isText: armor, force: force)
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
            try Report.json(Document(out: out, recipients: chosen.map(\.text)))
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
        var keyring = try Keyring(global)
        var seen: Set<String> = []
        var all: [any AgeRecipient] = []
        for recipient in recipients { all += try keyring.recipients(recipient) }
        for path in recipientFiles { all += try keyring.recipients(inFile: path) }
        return all.filter { seen.insert($0.text).inserted }
    }
}

/// Where a command's output goes: a file that appears whole or not at all, or standard output.
struct FileOutput {
    let sink: any ByteSink
    private let file: OutputFile?

    /// Whether it goes to standard output, so that nothing else may.
    var isStandard: Bool { file == nil }

    /// Throws where input and output are the same file, where one stands there already, and for
    /// binary output to a terminal.
    init(
        _ path: String?,
        from input: InputFile?,
        isText: Bool,
        force: Bool,
        mode: UInt32 = DurableFile.privateMode
    ) throws {
        guard let path, path != "-" else {
            file = nil
            guard StandardOutput.isTerminal else {
                sink = StandardOutput()
                return
            }
            guard isText else {
                throw CommandError.usage(
                    "the output is binary, and standard output is a terminal",
                    hint: "add -o FILE, or choose a text format"
                )
            }
            sink = TerminalOutput()
            return
        }
        try input?.requireOther(than: path)
        let file = try OutputFile(path, mode: mode, replacing: force)
        self.file = file
        sink = file
    }

    func commit() throws { try file?.commitAndWarn() }
}
