internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl promote`.
struct PromoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Put a key into use that was made in advance.",
        discussion: """
            keyctl gen --pending makes a key that nobody is told of. promote makes it count: the
            old key signs the step to it, as in keyctl rotate.

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
        guard !record.isPending else {
            let promoted = try keystore.promote(record)
            return try NewKeyReport(promoted, in: keystore, verb: "promoted")
                .print(json: global.json)
        }
        let path = try statement.path(record, home: keystore.home, kind: "rotation")
        let unlocked = try global.unlock(record, in: keystore)
        let promoted = try keystore.promote(unlocked)
        try statement.write(promoted, to: path)
        var report = try NewKeyReport(promoted, in: keystore, verb: "promoted")
        report.statement = path
        report.revocation = try PreparedRevocation.write(
            promoted,
            key: unlocked.requirePrivateKey(version: promoted.identity.latest.number),
            home: keystore.home
        )
        try report.print(json: global.json)
    }
}
