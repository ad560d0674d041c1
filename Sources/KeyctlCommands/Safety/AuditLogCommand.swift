internal import ArgumentParser
internal import CommandSupport
internal import Glibc
internal import KeyFormats
internal import Keystore

/// The command `keyctl audit log`.
struct AuditLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Print the log; with --json, its lines as they are stored.",
        discussion: """
            Examples:
              keyctl audit log --last 20
              keyctl audit log --json | jq 'select(.failure)'
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Only lines about this name.", transform: KeyName.argument)
    var name: KeyName?
    @Option(help: ArgumentHelp("Only this number of the newest lines.", valueName: "count"))
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
                // The line is printed unchanged, because the next line's hash is over these bytes.
                // The log was verified, so the line is JSON.
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
