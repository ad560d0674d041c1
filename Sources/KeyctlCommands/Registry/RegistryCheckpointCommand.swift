internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore

/// The command `keyctl registry checkpoint`.
struct RegistryCheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign the log; or print the newest imported checkpoint of another registry.",
        discussion: """
            Two people who have checkpoints of one registry compare them with keyctl registry \
            check. If they were shown different logs, the command says so.

            Examples:
              keyctl registry checkpoint --user server
              keyctl registry checkpoint --of server > mine.checkpoint
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: RegistrySelection
    @Option(
        help: "The identity that signs (default: the server's, otherwise yours).",
        transform: KeyName.argument
    )
    var user: KeyName?
    @OptionGroup var destination: OutputOptions

    func run() throws {
        var keystore = try global.existingKeystore()
        if selection.owner != nil {
            guard let note = try selection.open(keystore).note else {
                throw CommandError.failed("there is no checkpoint of this registry yet")
            }
            return try PublicOutput.write(note, to: destination)
        }
        let record = try signer(keystore)
        let note = try keystore.signCheckpoint(global.unlock(record, in: keystore))
        try PublicOutput.write(note, to: destination)
    }

    private func signer(_ keystore: Keystore) throws -> IdentityRecord {
        if let user { return try keystore.record(user) }
        let servers = try keystore.records().filter(\.isServer)
        return try servers.count == 1 ? servers[0] : keystore.defaultRecord()
    }
}
