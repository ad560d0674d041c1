internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl rotate`.
struct RotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Make a new key for an identity, signed by the old key.",
        discussion: """
            Without a name, it rotates the only identity of a person in this home. Other \
            people import the statement and follow without a question. A chat sends it by itself.

            Examples:
              keyctl rotate
              keyctl rotate --user alice --bits 4096 --out alice+rotation.txt
              keyctl rotate --all
              keyctl rotate --due
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sealing: SealingOptions
    @OptionGroup var newKey: NewKeyOptions
    @OptionGroup var statement: StatementOption

    @Option(help: "Name of the identity.", transform: KeyName.argument)
    var user: KeyName?
    @Flag(help: "Rotate every identity in this home, also a server's.")
    var all = false
    @Flag(help: "Rotate every identity that is due by its policy. It is no error if none is.")
    var due = false
    @Option(help: "Size of the new key (default: that of the old one).")
    var bits: Int?
    @Option(
        help: ArgumentHelp("Lifetime of the new key: 90d, 12w, 18m, 1y.", valueName: "lifetime"),
        transform: LifetimeArgument.read
    )
    var expires: Lifetime?

    func validate() throws {
        guard [user != nil, all, due].filter(\.self).count <= 1 else {
            throw ValidationError("--user, --all and --due cannot be used together")
        }
        guard !all && !due || !newKey.isElsewhere else {
            throw ValidationError("--provider can be used only with one identity")
        }
        guard !all && !due || statement.out == nil else {
            throw ValidationError("--out can be used only with one identity")
        }
        guard !sealing.isWithoutPassphrase else {
            throw ValidationError(
                "--no-passphrase cannot be used here: remove a passphrase with keyctl passwd"
            )
        }
        if let bits, !GenCommand.bitCounts.contains(bits) {
            throw ValidationError("--bits must be 2048, 3072 or 4096")
        }
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        let records: [IdentityRecord]
        var isLeft = false
        if all {
            records = try keystore.records().filter(canRotate)
        } else if due {
            let due = try keystore.records().filter { $0.rotationDue.map { $0 <= .now } ?? false }
            if due.isEmpty, !global.json { Report.note("nothing is due") }
            records = due.filter(canRotate)
            isLeft = records.count < due.count
        } else if let user {
            records = [try keystore.record(user)]
        } else {
            records = [try keystore.defaultRecord()]
        }
        for record in records { try rotate(record, &keystore) }
        // A job that runs unattended must see that a rotation is still due.
        guard !isLeft else { throw ExitCode(ExitStatus.failed) }
    }

    /// Whether one among several is rotated; says so where it is not.
    private func canRotate(_ record: IdentityRecord) -> Bool {
        if record.isPending || record.pending != nil {
            Report.note(
                "\(record.name) was not rotated: it has a key made in advance (keyctl promote)"
            )
            return false
        }
        guard (try? record.version(for: .change, at: .now)) != nil else {
            Report.note(
                "\(record.name) was not rotated; see its state: keyctl show \(record.name)"
            )
            return false
        }
        return true
    }

    private func rotate(_ record: IdentityRecord, _ keystore: inout Keystore) throws {
        let home = keystore.home
        let file = try statement.file(record.name, home: home, kind: "rotation")
        let publicKey = try PublicKeyFile.file(record.name, home: home)
        // Other parameters stretch the same passphrase anew.
        let unlocker = try RememberingUnlocker(global.unlocker(for: record.name))
        let unlocked = try keystore.unlock(record, with: unlocker)
        let oldBits = try record.identity.latest.storedKey().rsa.bitCount
        try newKey.requirePlace(for: unlocked)
        let number = record.identity.latest.number + 1
        let new = try newKey.key(
            bitCount: bits ?? max(oldBits, GenCommand.bitCounts[0]),
            label: "\(record.name) v\(number)",
            keystore
        )
        let rotated = try new.undoing {
            try keystore.rotate(
                unlocked,
                to: new.key,
                at: new.place,
                expires: expires.map { Timestamp.now.adding($0) },
                parameters: sealing.parameters,
                passphrase: unlocker.passphrase
            )
        }
        var report = try NewKeyReport(rotated, in: keystore, verb: "rotated", to: publicKey)
        try file.write(rotated.handedOut, of: rotated.name)
        report.statement = file.path
        try global.print(report)
        let scheduled = rotated.destroyed.keys.filter { record.destroyed[$0] == nil }.sorted()
        if !scheduled.isEmpty {
            Report.note(
                "the policy keeps \(rotated.policy.keep ?? 0) keys: version "
                    + scheduled.map(String.init).joined(separator: ", ")
                    + " is destroyed in seven days; to keep it: keyctl restore --key-version N"
            )
        }
    }
}
