internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import KeyOperations
internal import Keystore
internal import Registry
internal import Signatures

/// `keyctl sign`.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign files, so that keyctl verify and ssh-keygen -Y verify can check them.",
        discussion: """
            Writes FILE.sig beside each file, in OpenSSH's format (SSHSIG) with RSA and SHA-512; \
            without a file it signs standard input to standard output. The namespace is the \
            purpose of a signature: a signature for "git" does not count for "file". --raw writes \
            a bare signature for openssl: RSA-PSS with SHA3-512. No other part of keyctl makes or \
            accepts this scheme, so such a signature never counts as a token, a login or a \
            certificate.

            --log also writes a statement into your registry, so that the signature still counts \
            if the key is revoked later. Other people import that statement.

            Examples:
              keyctl sign -n file report.pdf
              keyctl sign -n release@example.org --log dist/*.tar.gz
              keyctl sign --raw --out report.pss report.pdf
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("What the signature is for (default: file).", valueName: "namespace")
    )
    var namespace: String?
    @Option(help: "Whose key signs (default: your one identity).", transform: KeyName.argument)
    var user: KeyName?
    @Flag(help: "Write the signature into your registry's log.")
    var log = false
    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("The output file (default: FILE.sig).", valueName: "file")
    )
    var out: String?
    @Flag(help: "Replace existing signatures.")
    var force = false
    @Argument(help: ArgumentHelp("What to sign (default: standard input).", valueName: "file"))
    var files: [String] = []

    @OptionGroup var chosen: SignatureFormatOption

    func validate() throws {
        guard out == nil || files.count <= 1 else {
            throw ValidationError("--out can be used only with one file")
        }
    }

    private struct Document: Encodable {
        let version = 1
        let file: String
        let signature: String?
        let name: String
        let keyVersion: Int
        let namespace: String?
        let statement: String?
    }

    func run() throws {
        var keystore = try global.keystore()
        let format = try chosen.format(global, namespace: namespace)
        let record = try user.map(keystore.record) ?? keystore.defaultRecord()
        let version = try record.signingVersion(at: .now)
        let unlocked = try global.unlock(record, in: keystore)
        let key = try unlocked.signingKey(at: .now)
        let jobs = (files.isEmpty ? [nil] : files.map { $0 == "-" ? nil : $0 })
            .map { file in (file: file, path: out == "-" ? nil : out ?? file.map { "\($0).sig" }) }
        // Every file can be read, and every signature written, before the first one is made.
        for job in jobs {
            if let file = job.file { _ = try InputFile(file) }
            if let path = job.path { _ = try OutputFile(path, mode: 0o600, replacing: force) }
        }
        let writesStandardOutput = jobs.contains { $0.path == nil }
        for (file, path) in jobs {
            let statement = try sign(
                file,
                to: path,
                as: format,
                unlocked,
                key,
                version.number,
                &keystore
            )
            guard let path else { continue }
            if writesStandardOutput {
                Report.note("signed by \(record.name), version \(version.number): \(path)")
            } else if global.json {
                try Report.json(
                    Document(
                        file: file ?? "-",
                        signature: path,
                        name: record.name.description,
                        keyVersion: version.number,
                        namespace: format.hasNamespace ? namespace ?? "file" : nil,
                        statement: statement
                    )
                )
            } else {
                Report.result("signed by \(record.name), version \(version.number): \(path)")
                if let statement { Report.result("  logged: \(statement)  (others import it)") }
            }
        }
    }

    /// Writes the signature of a file, and logs it first where that is asked for; returns where the
    /// statement is.
    private func sign(
        _ file: String?,
        to path: String?,
        as format: any SignatureFormat,
        _ unlocked: UnlockedIdentity,
        _ key: any SigningKey,
        _ version: Int,
        _ keystore: inout Keystore
    ) throws -> String? {
        let input = try InputFile(file)
        let output = try FileOutput(
            path,
            from: input,
            isText: format.isText,
            force: force,
            mode: DurableFile.publicMode
        )
        let source = ProgressSource(input, verb: "reading")
        let digest = try FileDigest.of(source, format.contentHash)
        let signature = try format.sign(digest, namespace: namespace ?? "file", key: key)
        try output.sink.write(signature.encoded.borrowedBytes)
        let statement =
            try log ? logged(signature.digest, beside: path, unlocked, version, &keystore) : nil
        try output.commit()
        return statement
    }

    private func logged(
        _ digest: SHA256Digest,
        beside path: String?,
        _ unlocked: UnlockedIdentity,
        _ version: Int,
        _ keystore: inout Keystore
    ) throws -> String? {
        let statement = try LoggedSignature.statement(
            id: unlocked.record.identity.id,
            version: version,
            digest: digest,
            key: unlocked.signingKey(at: .now),
            time: .now
        )
        let statementPath = path.map { "\($0).statement" }
        let output = try statementPath.map {
            try OutputFile($0, mode: DurableFile.publicMode, replacing: force)
        }
        try keystore.changeRegistry("log", unlocked.record.name) { _ in [statement] }
        try output?.write(StatementFile.encode([statement]).borrowedBytes)
        try output?.commitAndWarn()
        return statementPath
    }
}
