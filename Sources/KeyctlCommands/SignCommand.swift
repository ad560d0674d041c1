internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry
internal import Signatures

/// `keyctl sign`.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign files, so that keyctl verify and ssh-keygen -Y verify can check them.",
        discussion: """
            Writes FILE.sig beside each file, in OpenSSH's format (SSHSIG) with RSA and SHA-512; with
            no file it signs standard input to standard output. The namespace says what a signature
            is for: one for "git" is none for "file". --raw writes a bare signature for openssl.

            --log also writes a statement into your registry, so that the signature stays good even
            if the key is revoked later; others import that statement.

            Examples:
              keyctl sign -n file report.pdf
              keyctl sign -n release@example.org --log dist/*.tar.gz
              keyctl sign --raw pss --out report.pss report.pdf
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("What the signature is for.", valueName: "namespace")
    )
    var namespace = "file"
    @Option(help: "Whose key signs (default: your one identity).", transform: KeyName.argument)
    var user: KeyName?
    @Option(
        help: ArgumentHelp("A bare signature of this kind: pss or pkcs1.", valueName: "scheme"),
        transform: RawScheme.read
    )
    var raw: RawScheme?
    @Option(help: "With --raw: sha256 or sha512.", transform: RawScheme.readHash)
    var hash: HashAlgorithm?
    @Flag(help: "Write the signature into your registry's log.")
    var log = false
    @Option(
        name: [.customShort("o"), .customLong("out")],
        help: ArgumentHelp("Where to write it (default: FILE.sig).", valueName: "file")
    )
    var out: String?
    @Flag(help: "Replace signatures that are there.")
    var force = false
    @Argument(help: ArgumentHelp("What to sign (default: standard input).", valueName: "file"))
    var files: [String] = []

    func validate() throws {
        guard out == nil || files.count <= 1 else {
            throw ValidationError("--out goes with one file")
        }
        guard hash == nil || raw != nil else { throw ValidationError("--hash goes with --raw") }
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
        let record = try user.map(keystore.record) ?? keystore.defaultRecord()
        let version = try record.signingVersion(at: .now)
        let unlocked = try global.unlock(record, in: keystore)
        let key = try unlocked.signingKey(at: .now)
        for file in files.isEmpty ? [nil] : files.map({ $0 == "-" ? nil : $0 }) {
            let path = out ?? file.map { "\($0).sig" }
            let signed = try sign(file, to: path, key)
            let statement =
                try log ? logged(signed, beside: path, unlocked, version.number, &keystore) : nil
            guard path != nil else { continue }
            if global.json {
                try Report.json(
                    Document(
                        file: file ?? "-",
                        signature: path,
                        name: record.name.description,
                        keyVersion: version.number,
                        namespace: raw == nil ? namespace : nil,
                        statement: statement
                    )
                )
            } else {
                Report.result("signed by \(record.name), version \(version.number): \(path ?? "")")
                if let statement { Report.result("  logged: \(statement)  (others import it)") }
            }
        }
    }

    /// Writes the signature of a file; returns the digest that a log records.
    private func sign(
        _ file: String?,
        to path: String?,
        _ key: RSAPrivateKey
    ) throws -> SHA256Digest {
        let input = try InputFile(file)
        let output = try FileOutput(
            path,
            from: input,
            isText: raw == nil,
            force: force,
            mode: DurableFile.publicMode
        )
        let digest = try FileDigest.of(ProgressSource(input, verb: "reading"), hash ?? .sha512)
        let (content, logged) = try signature(ofDigest: digest, key)
        try output.sink.write(content.borrowedBytes)
        try output.commit()
        return logged
    }

    /// A signature as it is written, and the digest that a log records.
    private func signature(
        ofDigest digest: [UInt8],
        _ key: RSAPrivateKey
    ) throws -> ([UInt8], SHA256Digest) {
        guard let raw else {
            let signature = try SSHSignature(signing: digest, namespace: namespace, key: key)
            return (Array(signature.armored.utf8), signature.digest)
        }
        let bytes = try key.signature(ofDigest: digest, scheme: raw.scheme(hash ?? .sha512))
        return (bytes, SHA256Digest(hashing: bytes))
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
        try keystore.changeRegistry("log", unlocked.record.name) { _ in [statement] }
        guard let path else { return nil }
        let statementPath = "\(path).statement"
        try DurableFile.replace(
            statementPath,
            with: StatementFile.encode([statement]).borrowedBytes,
            mode: DurableFile.publicMode
        )
        return statementPath
    }
}

/// The kinds of bare signature.
enum RawScheme: String {
    case pss
    case pkcs1

    func scheme(_ hash: HashAlgorithm) -> SignatureScheme {
        switch self {
        case .pss: .pss(hash)
        case .pkcs1: .pkcs1(hash)
        }
    }

    static func read(_ text: String) throws -> RawScheme {
        guard let scheme = RawScheme(rawValue: text) else {
            throw ValidationError("--raw is pss or pkcs1")
        }
        return scheme
    }

    static func readHash(_ text: String) throws -> HashAlgorithm {
        guard let hash = HashAlgorithm(rawValue: text) else {
            throw ValidationError("--hash is sha256 or sha512")
        }
        return hash
    }
}

/// The digest of everything a source gives.
enum FileDigest {
    private static let bufferByteCount = 1 << 20

    static func of(_ source: any ByteSource, _ algorithm: HashAlgorithm) throws -> [UInt8] {
        let hash = try Hash(algorithm)
        var buffer = SecretBuffer(count: bufferByteCount)
        while true {
            let count = try buffer.withMutableBytes(0..<buffer.count) { try source.read(into: &$0) }
            guard count > 0 else { return try hash.finish() }
            try hash.update(buffer.bytes.extracting(first: count))
        }
    }
}
