internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import EncryptedFiles
internal import KeyFormats

/// The command `keyctl gen-age`.
struct GenAgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gen-age",
        abstract: "Make a key only for encrypted files, or print its recipient.",
        discussion: """
            Writes an identity file as age-keygen does: keyctl decrypt -i and age -i read it. Its \
            secret key is not encrypted, and an existing file is never replaced. With --pq the key is \
            one that a quantum computer would not find; age 1.3 and later know such keys. -y reads \
            identity files, and prints what -r and -R of keyctl encrypt take.

            Examples:
              keyctl gen-age -o key.txt
              keyctl gen-age --pq -o key.txt
              keyctl gen-age --pq | keyctl encrypt -p -o key.age
              keyctl gen-age -y -o recipients.txt key.txt
            """
    )

    @OptionGroup var global: GlobalOptions

    @Flag(name: .customLong("pq"), help: "Make a post-quantum key: age1pq1…, not age1….")
    var isPostQuantum = false
    @Flag(
        name: [.customShort("y"), .customLong("recipients")],
        help: "Make no key: print the recipients of an identity file."
    )
    var printsRecipients = false
    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("The output file (default: standard output).", valueName: "file")
    )
    var out: String?
    @Argument(
        help: ArgumentHelp(
            "With -y: the identity file (default: standard input).",
            valueName: "file"
        )
    )
    var file: String?

    func validate() throws {
        guard !printsRecipients || !isPostQuantum else {
            throw ValidationError("-y makes no key: it cannot be used with --pq")
        }
        guard printsRecipients || file == nil else {
            throw ValidationError(
                "a new key goes to -o FILE; to print the recipients of an identity file, add -y"
            )
        }
    }

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let out: String
        let recipients: [String]
    }

    func run() throws {
        if let out, out != "-", DurableFile.exists(out) {
            throw CommandError.failed(
                "\(out) exists already, and keyctl gen-age does not replace files",
                hint: "choose another name, or move it away"
            )
        }
        try printsRecipients ? writeRecipients(of: file ?? "-") : makeKey()
    }

    private func makeKey() throws {
        let kind: any AgeKeyKind = isPostQuantum ? AgeHybrid() : AgeX25519()
        let output = try FileOutput(out, from: nil, isText: true, force: false)
        let identity = try kind.makeIdentity()
        let heading = "# created: \(Timestamp.now)\n# public key: \(identity.recipient)\n"
        try output.sink.write(Array(heading.utf8).borrowedBytes)
        try output.sink.write(identity.text.bytes)
        try output.sink.write(Array("\n".utf8).borrowedBytes)
        try output.commit()
        if let out, !output.isStandard {
            try report([identity.recipient], in: out)
        } else if !StandardOutput.isTerminal {
            Report.note("public key: \(identity.recipient)")
        }
    }

    private func writeRecipients(of path: String) throws {
        let content = try CommandInput.secret(path, limit: IdentityFile.largestByteCount)
        let identities = try IdentityFile.read(content.bytes, from: path, user: global.dialogue)
        let recipients = try identities.map { identity in
            guard let text = identity.recipientText else {
                throw AgeError.key(
                    "\(path) holds an RSA key, not identities of age",
                    hint: "print its public key: keyctl convert --to ssh --public "
                        + Printable.shellWord(path)
                )
            }
            return text
        }
        let output = try FileOutput(
            out,
            from: nil,
            isText: true,
            force: false,
            mode: DurableFile.publicMode
        )
        let lines = recipients.map { $0 + "\n" }.joined()
        try output.sink.write(Array(lines.utf8).borrowedBytes)
        try output.commit()
        if let out, !output.isStandard, global.json { try report(recipients, in: out) }
    }

    private func report(_ recipients: [String], in out: String) throws {
        guard !global.json else {
            return try Report.json(Document(out: out, recipients: recipients))
        }
        for recipient in recipients { Report.result("public key: \(recipient)") }
    }
}
