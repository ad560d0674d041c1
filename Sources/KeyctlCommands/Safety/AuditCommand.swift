internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import Glibc
internal import KeyFormats
internal import Keystore

/// `keyctl audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Look at the log of every use of a private key and every change, failures too.",
        discussion: """
            Each line is bound to the one before by its hash. Whoever can write your files can also \
            write the whole log anew: note its head elsewhere now and then, and compare.

            Examples:
              keyctl audit log alice
              keyctl audit verify
              keyctl audit verify --head 3f2a…
            """,
        subcommands: [AuditLogCommand.self, AuditVerifyCommand.self]
    )
}

/// `keyctl audit log`.
struct AuditLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Print the log; with --json as the lines that it consists of.",
        discussion: """
            Examples:
              keyctl audit log --last 20
              keyctl audit log --json | jq 'select(.failure)'
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "What concerns this name alone.", transform: KeyName.argument)
    var name: KeyName?
    @Option(help: ArgumentHelp("That many lines at most, the newest.", valueName: "count"))
    var last: Int?

    func validate() throws {
        guard last.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--last must be at least 1")
        }
    }

    func run() throws {
        let (lines, entries, _) = try global.existingKeystore().audit.verified()
        let chosen = zip(lines, entries).filter { _, entry in
            name.map { $0.description == entry.name } ?? true
        }
        for (line, entry) in chosen.suffix(last ?? chosen.count) {
            guard !global.json else {
                // Its bytes are what the next line's hash is over; they are JSON, as was verified.
                Report.write(line + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
                continue
            }
            let version = entry.version.map { ", version \($0)" } ?? ""
            let subject = entry.name.map { " \($0)\(version)" } ?? ""
            let failure = entry.failure.map { "  FAILED: \($0)" } ?? ""
            Report.result(
                "\(entry.seq)  \(entry.time)  \(entry.event)\(subject)  (\(entry.program))\(failure)"
            )
        }
    }
}

/// `keyctl audit verify`.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that no line of the log was changed or left out, and print its head.",
        discussion: """
            Exit status: 0 it is whole, 1 the first line that is not is named, 2 the head that you \
            noted is not in it.

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
