internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl destroy`.
struct DestroyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract: "Remove the private key of a version; its record stays.",
        discussion: """
            What was encrypted for the version cannot be opened any more: rewrap files first. The \
            key is out of use at once, and can be restored for seven days; then it is gone with \
            the next change of the sealed file, or with --due. Backups and old blocks of the disk \
            may still hold the key.

            Examples:
              keyctl destroy 1
              keyctl destroy 1 --user alice --grace 30d
              keyctl destroy 1 --now
              keyctl destroy --due
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var own: OwnIdentityOption
    @Argument(help: ArgumentHelp("Number of the version.", valueName: "key-version"))
    var number: Int?
    @Option(
        help: ArgumentHelp("How long it can be restored (default: 7d).", valueName: "lifetime"),
        transform: LifetimeArgument.read
    )
    var grace: Lifetime?
    @Flag(help: "Destroy the key at once, without a grace period.")
    var now = false
    @Flag(help: "Remove all keys whose grace period is over from the sealed files.")
    var due = false

    func validate() throws {
        guard due != (number != nil) else {
            throw ValidationError("name the version to destroy, or --due")
        }
        guard !now || grace == nil else {
            throw ValidationError("--now and --grace cannot be used together")
        }
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        guard let number else { return try purge(&keystore) }
        let record = try own.record(keystore)
        guard grace == nil || record.pending?.number != number else {
            throw CommandError.usage(
                "a key made in advance is destroyed at once: --grace cannot be used"
            )
        }
        guard now || record.pending?.number == number else {
            let time =
                grace.map { Timestamp.now.adding($0) }
                ?? Timestamp.now.adding(seconds: Keystore.graceSeconds)
            let changed = try keystore.destroy(number, of: record, at: time)
            return try global.print(Document(changed, number, of: record, gone: time))
        }
        let unlocked = try global.unlock(record, in: keystore)
        let changed = try keystore.destroyNow(number, of: unlocked)
        try global.print(Document(changed, number, of: record, gone: nil))
        if let version = record.identity.version(number) {
            AgentKeyHint.print(version.keyDER, of: record.name)
        }
    }

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let name: String
        let keyVersion: Int
        /// The time until which the key can be restored; `nil` if it was deleted at once.
        let gone: String?
        /// The provider that still has the key, where that is not the keystore.
        let provider: String?

        init(_ record: IdentityRecord, _ number: Int, of before: IdentityRecord, gone: Timestamp?) {
            name = record.name.description
            keyVersion = number
            self.gone = gone?.description
            let place = before.place(of: number)
            provider = place == .sealed ? nil : place.provider
        }

        func printText() {
            Report.result("destroyed the private key of version \(keyVersion) of \(name)")
            if let gone {
                Report.result(
                    "  until \(gone)  keyctl restore --key-version \(keyVersion) --user \(name)"
                )
            }
            if let provider {
                Report.note(
                    "the key stays with the provider \"\(provider)\"; remove it there with its own "
                        + "program"
                )
            } else {
                Report.note("older backups still hold the key")
            }
        }
    }

    private func purge(_ keystore: inout Keystore) throws {
        let records = try own.user.map { [try keystore.record($0)] } ?? keystore.records()
        for record in records where try keystore.needsPurge(record, at: .now) {
            let unlocked = try global.unlock(record, in: keystore)
            let purged = try keystore.purge(unlocked)
            try global.print(ChangeReport(purged, verb: "purged", statement: nil))
        }
    }
}
