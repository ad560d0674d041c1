internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import Keystore
internal import Registry

/// The command `keyctl gen`.
struct GenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gen",
        abstract: "Make an identity: an RSA key pair, sealed with a passphrase.",
        discussion: """
            Examples:
              keyctl gen --user alice
              keyctl gen --user alice --bits 4096 --expires 1y --out alice.pub
              keyctl gen --user robot --no-passphrase
              keyctl gen --user alice --pending      the next key, made in advance
              keyctl gen --user alice --provider pkcs11:token=alice

            A revocation of the new key is written beside it. Keep a copy of it elsewhere, for \
            the day when the key is lost.
            """
    )

    static let bitCounts = [2048, 3072, 4096]

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sealing: SealingOptions
    @OptionGroup var newKey: NewKeyOptions

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
    @Flag(help: "Replace that file if it exists.")
    var force = false
    @Flag(help: "Make the key in advance; keyctl promote puts it into use.")
    var pending = false
    @Flag(help: "Replace a lost identity. Every other person must accept the new key by hand.")
    var replace = false

    func validate() throws {
        guard !pending || !replace else {
            throw ValidationError("--pending and --replace cannot be used together")
        }
        guard GenCommand.bitCounts.contains(bits) else {
            throw ValidationError("--bits must be 2048, 3072 or 4096")
        }
        guard comment.utf8.count <= 200 else {
            throw ValidationError("--comment must be at most 200 bytes")
        }
    }

    func run() throws {
        var keystore = try global.keystore()
        if pending, let record = try keystore.records().first(where: { $0.name == user }) {
            return try prepareNext(record, &keystore)
        }
        if !replace { try keystore.requireFree(user) }
        try requireNoSealing()
        try keystore.prepareHome()
        let file = try PublicKeyFile.file(user, home: keystore.home, out: out, force: force)
        // A key that is kept elsewhere is protected there.
        let protection =
            newKey.isElsewhere
            ? Protection.none
            : try sealing.protection(
                global,
                prompt: "New passphrase for \(user)",
                reusing: true
            )
        let new = try newKey.key(bitCount: bits, label: "\(user) v1", keystore)
        // The new identity keeps the role, the comment and the policy of the one that it replaces.
        let old = replace ? try? keystore.record(user) : nil
        let record = try new.undoing {
            try keystore.create(
                user,
                key: new.key,
                at: new.place,
                isServer: old?.isServer ?? false,
                comment: comment.isEmpty ? old?.comment ?? "" : comment,
                expires: expires.map { Timestamp.now.adding($0) },
                policy: old?.policy ?? .none,
                isPending: pending,
                replacing: replace,
                protection: protection
            )
        }
        if replace {
            if old?.identity.latest.isRevoked == false {
                Report.warning(
                    "if the old key may be stolen, give others its revocation, too: the file was "
                        + "written when the key was made, and they run: keyctl import FILE"
                )
            }
            Report.warning(
                "others know another key for \"\(user)\": each of them must compare fingerprints "
                    + "in "
                    + "person, and then run: keyctl import FILE --replace"
            )
        }
        let verb = pending ? "made in advance" : "made"
        try global.print(NewKeyReport(record, in: keystore, verb: verb, to: file))
    }

    private func requireNoSealing() throws {
        guard newKey.isElsewhere, sealing.isWithoutPassphrase || sealing.parameters != nil else {
            return
        }
        throw CommandError.usage(
            "a key that another provider keeps is not sealed: --no-passphrase and --kdf cannot be "
                + "used with --provider"
        )
    }

    /// Makes the next version of an existing identity in advance.
    private func prepareNext(_ record: IdentityRecord, _ keystore: inout Keystore) throws {
        try requireNoSealing()
        guard !sealing.isWithoutPassphrase, sealing.parameters == nil, comment.isEmpty else {
            throw CommandError.usage(
                "a new version keeps the passphrase and the comment of \"\(user)\""
            )
        }
        let file = try PublicKeyFile.file(
            user,
            home: keystore.home,
            out: out,
            force: force,
            isPending: true
        )
        let unlocked = try global.unlock(record, in: keystore)
        try newKey.requirePlace(for: unlocked)
        let number = record.identity.latest.number + 1
        let new = try newKey.key(bitCount: bits, label: "\(user) v\(number)", keystore)
        let prepared = try new.undoing {
            try keystore.prepare(
                unlocked,
                next: new.key,
                at: new.place,
                expires: expires.map { Timestamp.now.adding($0) }
            )
        }
        let publicKey = try PublicKey(new.key.publicKey)
        try file.write(publicKey)
        guard !global.json else {
            return try global.print(
                ChangeReport(prepared, verb: "made in advance", statement: nil)
            )
        }
        let bitCount = publicKey.rsa.bitCount
        Report.result("made version \(number) of \(user) in advance, RSA \(bitCount) bits")
        Report.result("  fingerprint  \(publicKey.fingerprint)")
        Report.result("  public key   \(file.path)")
        Report.result("  into use     keyctl promote --user \(user)")
    }
}
