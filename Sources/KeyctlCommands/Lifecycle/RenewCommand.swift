internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl renew`.
struct RenewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Give the key in use another date of expiry.",
        discussion: """
            Other people import the statement, like the statement of a rotation. Until then, they \
            see the old date.

            Examples:
              keyctl renew --expires 1y
              keyctl renew --user alice --expires never
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var own: OwnIdentityOption
    @OptionGroup var statement: StatementOption
    @Option(
        help: ArgumentHelp(
            "Lifetime from now on: 90d, 12w, 18m, 1y; or never.",
            valueName: "lifetime"
        )
    )
    var expires: String

    func validate() throws {
        if expires != "never" { _ = try LifetimeArgument.read(expires) }
    }

    func run() throws {
        var keystore = try global.keystore()
        let record = try own.record(keystore)
        let file = try statement.file(record.name, home: keystore.home, kind: "renewal")
        let unlocked = try global.unlock(record, in: keystore)
        let date =
            try expires == "never" ? nil : Timestamp.now.adding(LifetimeArgument.read(expires))
        let renewed = try keystore.amend(unlocked, .renew(expires: date))
        try file.write(renewed.handedOut, of: renewed.name)
        try global.print(ChangeReport(renewed, verb: "renewed", statement: file.path))
    }
}
