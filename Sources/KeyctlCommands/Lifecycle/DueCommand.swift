internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore

/// The command `keyctl due`.
struct DueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "due",
        abstract: "List what is due by the policies: rotations, renewals, destructions.",
        discussion: """
            Exit status: 0 nothing is due, 3 something is due, 1 failed. Needs no passphrase.

            Examples:
              keyctl due
              keyctl due --within 14d || mail -s 'keys are due' alice
            """
    )

    /// The exit status if something is due.
    static let status: Int32 = 3

    @OptionGroup var global: GlobalOptions
    @Option(
        help: ArgumentHelp("Also what is due within this time: 14d, 12w.", valueName: "lifetime"),
        transform: LifetimeArgument.read
    )
    var within: Lifetime?

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let due: [DueItem]

        func printText() {
            for item in due {
                Report.result("\(item.name): \(item.what)")
                Report.result("  \(item.command)")
            }
            if due.isEmpty { Report.note("nothing is due") }
        }
    }

    func run() throws {
        let keystore = try global.existingKeystore()
        let time = within.map { Timestamp.now.adding($0) } ?? .now
        let items = try keystore.records().flatMap { try keystore.dueItems(of: $0, until: time) }
        try global.print(Document(due: items))
        guard items.isEmpty else { throw ExitCode(DueCommand.status) }
    }
}
