internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl retire`.
struct RetireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "End a key of your own that was not stolen: it cannot sign any more.",
        discussion: """
            Its old signatures still count, and it still decrypts. This cannot be undone, and the \
            key gets no successor. For a new key, use keyctl rotate. If the key may be stolen, \
            use keyctl revoke.

            Examples:
              keyctl retire alice
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var statement: StatementOption
    @Argument(help: "Name of the identity.", transform: KeyName.argument)
    var name: KeyName

    func run() throws {
        var keystore = try global.keystore()
        let record = try keystore.record(name)
        let file = try statement.file(record.name, home: keystore.home, kind: "retirement")
        let unlocked = try global.unlock(record, in: keystore)
        let retired = try keystore.amend(unlocked, .retire)
        try file.write(retired.handedOut, of: retired.name)
        try global.print(ChangeReport(retired, verb: "retired", statement: file.path))
    }
}
