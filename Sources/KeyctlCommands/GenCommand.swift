internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore

/// `keyctl gen`.
struct GenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gen",
        abstract: "Make an identity: an RSA key pair, sealed with a passphrase.",
        discussion: """
            Examples:
              keyctl gen --user alice
              keyctl gen --user alice --bits 4096 --expires 1y --out alice.pub
              keyctl gen --user robot --no-passphrase
            """
    )

    static let bitCounts = [2048, 3072, 4096]

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sealing: SealingOptions

    @Option(help: "Name of the identity.", transform: KeyName.argument)
    var user: KeyName
    @Option(help: "Size of the key: 2048, 3072 or 4096.")
    var bits = 3072
    @Option(
        help: ArgumentHelp("Lifetime of the key: 90d, 12w, 18m, 1y.", valueName: "lifetime"),
        transform: LifetimeArgument.read
    )
    var expires: Lifetime?
    @Option(help: "A note for yourself.")
    var comment = ""
    @Option(help: ArgumentHelp("Where to write the public key.", valueName: "file"))
    var out: String?

    func validate() throws {
        guard GenCommand.bitCounts.contains(bits) else {
            throw ValidationError("--bits is 2048, 3072 or 4096")
        }
        guard comment.utf8.count <= 200 else {
            throw ValidationError("--comment is at most 200 bytes")
        }
    }

    func run() throws {
        var keystore = try global.keystore()
        try keystore.requireFree(user)
        if let out { try DurableFile.requireWritableFolder(of: out) }
        let protection = try sealing.protection(
            global,
            prompt: "New passphrase for \(user)",
            reusing: true
        )
        let key = try RSAPrivateKey.generate(bitCount: bits)
        let record = try keystore.create(
            user,
            key: key,
            comment: comment,
            expires: expires.map { Timestamp.now.adding($0) },
            protection: protection
        )
        let path = try PublicKeyFile.write(record, home: keystore.home, to: out)
        try NewKeyReport(record, path: path, verb: "made").print(json: global.json)
    }
}

enum LifetimeArgument {
    static func read(_ text: String) throws -> Lifetime {
        do { return try Lifetime(text) } catch {
            throw ValidationError("\(error.message); \(error.hint ?? "")")
        }
    }
}
