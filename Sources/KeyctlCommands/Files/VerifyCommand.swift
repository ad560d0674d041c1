internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry
internal import Signatures

/// `keyctl verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a file's signature by the keys of the registry.",
        discussion: """
            The signature must be by a key of your registry; with --user, by a key of that \
            person. A retired key still counts. A revoked key does not, because a thief can write \
            any date. It counts only if the signature was logged before the revocation (keyctl \
            sign --log), or if you know when it was made and give that time with --at. Exit \
            status: 0 verified, 2 not verified, 1 failed.

            Examples:
              keyctl verify -n file report.pdf
              keyctl verify -n release@example.org --user alice -s tool.sig tool.tar.gz
              keyctl verify --raw --user alice -s report.pss report.pdf
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp(
            "What the signature must be for (default: file).",
            valueName: "namespace"
        )
    )
    var namespace: String?
    @Option(help: "Whose signature it must be.", transform: KeyName.argument)
    var user: KeyName?
    @Option(
        name: [.customShort("s"), .long],
        help: ArgumentHelp("The signature (default: FILE.sig).", valueName: "file")
    )
    var signature: String?
    @OptionGroup var chosen: SignatureFormatOption
    @Option(
        help: ArgumentHelp(
            "When you know the signature to have been made: 2026-11-21T12:00:00Z.",
            valueName: "time"
        ),
        transform: TimestampArgument.read
    )
    var at: Timestamp?
    @Argument(help: ArgumentHelp("The signed file ('-': standard input).", valueName: "file"))
    var file: String

    func validate() throws {
        guard file != "-" || signature != nil else {
            throw ValidationError("for standard input, name the signature: -s FILE")
        }
    }

    private struct Document: CommandResult {
        let version = 1
        let verified = true
        let name: String
        let keyVersion: Int
        let fingerprint: String
        let namespace: String?
        let note: String?

        func printText() {
            let note = note.map { ", \($0)" } ?? ""
            Report.result("verified: signed by \(name), version \(keyVersion)\(note)")
            Report.result("  \(fingerprint)")
        }
    }

    func run() throws {
        let format = try chosen.format(global, namespace: namespace)
        guard format.namesKey || user != nil else {
            throw CommandError.usage("this signature does not name its signer: add --user NAME")
        }
        let state = try global.keystore().registry.state
        if let user { _ = try state.known(user) }
        let signaturePath = signature ?? "\(file).sig"
        if signature == nil, file.hasSuffix(".sig"), !DurableFile.exists(signaturePath) {
            throw CommandError.usage(
                "\(file) is the signature; name the file that it signs",
                hint:
                    "keyctl verify -n \(namespace ?? "file") \(Printable.shellWord(file.dropLast(4)))"
            )
        }
        let bytes = try DurableFile.read(signaturePath, limit: SSHSignature.largestByteCount)
        let input = try CommandInput.stream(file)
        let source = ProgressSource(input, verb: "reading")
        let (key, digest) = try verify(bytes, format, source, state)
        guard
            let judgement = state.judgement(
                onKey: key.spkiDER,
                signatureDigest: digest,
                knownToBeFrom: at,
                at: .now
            )
        else { throw unknown(key) }
        if let user, judgement.name != user {
            throw SignatureError.notVerified(
                "it is signed by \(judgement.name), not by \(user)"
            )
        }
        try report(judgement, key, format)
    }

    /// The key that made the signature, and the digest that a log would have of it.
    private func verify(
        _ bytes: [UInt8],
        _ format: any SignatureFormat,
        _ source: any ByteSource,
        _ state: RegistryState
    ) throws -> (PublicKey, SHA256Digest) {
        let signature = try format.read(bytes)
        let digest = try FileDigest.of(source, signature.contentHash)
        let key = try signature.signer(
            ofDigest: digest,
            namespace: namespace ?? "file",
            candidates: format.namesKey ? [] : candidates(state)
        )
        guard let key else {
            throw SignatureError.notVerified(
                "no key of \(user?.description ?? "") made this signature over this file",
                hint: format.id == SignatureFormats.bare.id
                    ? "a bare signature counts only as RSA-PSS with SHA3-512 and a salt of 64 bytes"
                    : nil
            )
        }
        return (key, signature.digest)
    }

    /// Every version of the person, the newest first: a bare signature does not say which it was.
    private func candidates(_ state: RegistryState) throws -> [PublicKey] {
        guard let user else { throw CommandError.usage("this signature needs --user") }
        return try state.known(user).versions.reversed().map { try $0.storedKey() }
    }

    private func unknown(_ key: PublicKey) -> SignatureError {
        SignatureError.notVerified(
            "it is signed by a key that is not in your registry: \(key.fingerprint)",
            hint: "if you know whose it is, import that public key first: keyctl import FILE.pub"
        )
    }

    private func report(
        _ judgement: SignatureJudgement,
        _ key: PublicKey,
        _ format: any SignatureFormat
    ) throws {
        guard judgement.verdict.isGood else {
            throw SignatureError.notVerified(
                "it is signed by \(judgement.name), version \(judgement.version), "
                    + judgement.verdict.reason,
                hint: judgement.verdict.hint
            )
        }
        try global.print(
            Document(
                name: judgement.name.description,
                keyVersion: judgement.version,
                fingerprint: key.fingerprint.description,
                namespace: format.hasNamespace ? namespace ?? "file" : nil,
                note: judgement.verdict == .active ? nil : judgement.verdict.reason
            )
        )
        guard !global.json, (try? PublicKey(key.rsa)) == nil else { return }
        Report.warning("the key is weak: anybody may be able to sign with it")
    }
}
