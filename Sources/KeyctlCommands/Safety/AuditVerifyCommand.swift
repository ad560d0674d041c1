internal import ArgumentParser
internal import CommandSupport
internal import Glibc
internal import Keystore

/// The command `keyctl audit verify`.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that no line of the log was changed or left out, and print its head.",
        discussion: """
            Exit status: 0 the log is whole, 1 a line is wrong (the first one is printed), 2 the \
            noted head is not in the log.

            Examples:
              keyctl audit verify
            """
    )

    @OptionGroup var global: GlobalOptions
    @Option(help: ArgumentHelp("A head that you noted earlier.", valueName: "hash"))
    var head: String?

    func validate() throws {
        guard head.map({ $0.filter { !$0.isWhitespace }.count == 64 }) ?? true else {
            throw ValidationError("a head has 64 digits, as keyctl audit verify prints it")
        }
    }

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let lines: Int
        let head: String

        func printText() {
            Report.result("all \(lines) lines are right")
            Report.result("  head  \(head)")
        }
    }

    func run() throws {
        let (lines, entries, present) = try global.existingKeystore().audit.verified()
        if let head = head?.lowercased().filter({ !$0.isWhitespace }) {
            guard entries.contains(where: { $0.previous == head }) || head == present else {
                throw CommandError.unknownAuditHead
            }
        }
        try global.print(Document(lines: lines.count, head: present))
    }
}
