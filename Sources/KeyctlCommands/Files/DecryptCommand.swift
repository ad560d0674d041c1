internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats

/// `keyctl decrypt`.
struct DecryptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt",
        abstract: "Decrypt a file of the age format.",
        discussion: """
            Any of your identities may open it, in any version that is not revoked; which one did is \
            told on standard error. -i takes key files beside them, as age does. Nothing is ever \
            written that was not authenticated; with -o the file appears only when all of it is.

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
    @Option(help: "Use this identity of the keystore alone.", transform: KeyName.argument)
    var user: KeyName?
    @Flag(help: "Try revoked versions too: whoever revoked them may have lost them to somebody.")
    var withRevoked = false
    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("Where to write it.", valueName: "file")
    )
    var out: String?
    @Flag(help: "Replace the output file where there is one.")
    var force = false
    @Argument(help: ArgumentHelp("What to decrypt (default: standard input).", valueName: "file"))
    var file: String?

    func validate() throws {
        guard !identities.contains("-") || file != nil && file != "-" else {
            throw ValidationError(
                "-i - reads the key from standard input: name the file to decrypt"
            )
        }
    }

    private struct Document: Encodable {
        let version = 1
        let out: String?
        let openedBy: String
    }

    func run() throws {
        let input = try InputFile(file == "-" ? nil : file)
        let output = try FileOutput(out, from: input, isText: true, force: force)
        let reader = try AgeReader(ProgressSource(input, verb: "decrypting"))
        let (name, fileKey) = try open(reader, name: input.name)
        try fileKey.withBytes { try reader.decrypt($0, to: output.sink) }
        try output.commit()
        if global.json, !output.isStandard {
            try Report.json(Document(out: out, openedBy: name))
        } else {
            Report.note("opened by \(name)")
        }
    }

    private func open(_ reader: AgeReader, name: String) throws -> (String, FileKey) {
        if reader.header.isForPassphrase {
            let identity = AgeScrypt.Identity {
                try global.passphrase(prompt: "Passphrase of \(name)")
            }
            guard let opening = try reader.open([identity]) else {
                throw AgeError.wrongPassphrase
            }
            return (identity.name, FileKey(opening.fileKey.copy()))
        }
        var all: [any AgeIdentity] = try identities.flatMap { try IdentityFile.read($0, global) }
        // With -i alone no keystore is needed, as for age.
        guard identities.isEmpty || user != nil else { return try open(reader, all, nil) }
        let keyring = try Keyring(global)
        all += try keyring.ownIdentities(user, withRevoked: withRevoked)
        return try open(reader, all, keyring)
    }

    private func open(
        _ reader: AgeReader,
        _ identities: [any AgeIdentity],
        _ keyring: Keyring?
    ) throws -> (String, FileKey) {
        guard let opening = try reader.open(identities) else {
            if let keyring { throw try keyring.noMatch(reader.header, withRevoked: withRevoked) }
            throw AgeError.noMatch(
                "none of the keys given with -i opens this file",
                hint: "the file may be for another key; see its recipients: keyctl inspect FILE"
            )
        }
        return (identities[opening.identityIndex].name, FileKey(opening.fileKey.copy()))
    }
}

/// A file key that is handed on.
final class FileKey: Sendable {
    private let bytes: SecretBytes

    init(_ bytes: consuming SecretBytes) { self.bytes = bytes }

    func withBytes<Result: ~Copyable>(_ body: (RawSpan) throws -> Result) throws -> Result {
        try bytes.withBytes(body)
    }
}
