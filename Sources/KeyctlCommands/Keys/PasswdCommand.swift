internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore

/// `keyctl passwd`.
struct PasswdCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Change the passphrase of an identity.",
        discussion: """
            Examples:
              keyctl passwd alice
              keyctl passwd alice --kdf m=1048576,t=3,p=4
              keyctl passwd alice --passphrase-file old --new-passphrase-file new
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sealing: SealingOptions
    @Argument(help: "Name of the identity.", transform: KeyName.argument)
    var name: KeyName

    private struct Document: CommandResult {
        let version = 1
        let name: String
        let sealed: Bool

        func printText() {
            Report.result(
                sealed
                    ? "\(name) is sealed with the new passphrase"
                    : "\(name) opens without a passphrase from now on"
            )
            Report.note("copies and backups made before still open with the old passphrase")
        }
    }

    func run() throws {
        var keystore = try global.keystore()
        let unlocked = try global.unlock(keystore.record(name), in: keystore)
        // Nobody is asked for a passphrase that would protect nothing.
        try keystore.requireSealedKeys(unlocked)
        let protection = try sealing.protection(
            global,
            prompt: "New passphrase for \(name)",
            reusing: false
        )
        let record = try keystore.reseal(unlocked, protection: protection)
        let sealed = try keystore.needsPassphrase(record)
        try global.print(Document(name: name.description, sealed: sealed))
    }
}
