internal import ArgumentParser
internal import CommandSupport
internal import Keystore

/// The command `keyctl promote`.
struct PromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Put a key into use that was made in advance.",
        discussion: """
            keyctl gen --pending makes a key that is not in use yet. promote puts it into use: \
            the old key signs it, as in keyctl rotate.

            Examples:
              keyctl gen --user alice --pending
              keyctl promote --user alice
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var own: OwnIdentityOption
    @OptionGroup var statement: StatementOption

    func run() throws {
        var keystore = try global.keystore()
        let record = try own.record(keystore)
        let publicKey = try PublicKeyFile.file(record.name, home: keystore.home)
        guard !record.isPending else {
            guard statement.out == nil else {
                throw CommandError.usage(
                    "a first version has no statement: others need only its public key, so --out "
                        + "cannot be used"
                )
            }
            let promoted = try keystore.promote(record)
            return try global.print(
                NewKeyReport(promoted, in: keystore, verb: "promoted", to: publicKey)
            )
        }
        let file = try statement.file(record.name, home: keystore.home, kind: "rotation")
        let unlocked = try global.unlock(record, in: keystore)
        let promoted = try keystore.promote(unlocked)
        var report = try NewKeyReport(promoted, in: keystore, verb: "promoted", to: publicKey)
        try file.write(promoted.handedOut, of: promoted.name)
        report.statement = file.path
        try global.print(report)
    }
}
