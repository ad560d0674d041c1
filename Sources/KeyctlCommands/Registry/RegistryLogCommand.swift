internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import KeyFormats
internal import Registry

/// The command `keyctl registry log`.
struct RegistryLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Print the lines of the log, in words.",
        discussion: """
            Examples:
              keyctl registry log
              keyctl registry log alice --json
              keyctl registry log --of server --last 20
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: RegistrySelection
    @Argument(help: "Only lines about this name.", transform: KeyName.argument)
    var name: KeyName?
    @Option(help: ArgumentHelp("Only this number of the newest lines.", valueName: "count"))
    var last: Int?

    func validate() throws {
        guard last.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--last must be at least 1")
        }
    }

    /// One line of the result, as text and as `--json` prints it.
    private struct Line: CommandResult {
        let version = 1
        let line: Int
        let time: String
        let what: String
        let leaf: String
        let statement: String

        func printText() { Report.result("\(line)  \(time)  \(what)") }
    }

    func run() throws {
        let (registry, _) = try selection.open(global.existingKeystore())
        let identity = try name.map { try registry.state.known($0) }
        let ids = identity?.ids ?? []
        let keys = Set((identity.map { $0.former + $0.versions } ?? []).compactMap(\.fingerprint))
        let count = registry.count
        let start = name == nil ? max(0, count - (last ?? count)) : 0
        var lines: [(Int, Statement)] = []
        for (offset, line) in try registry.lines(start..<count).enumerated() {
            let statement = try Statement(line: line)
            var isAbout = name == nil || statement.name == name
            if case .revoke(let revocation) = statement.act {
                isAbout = isAbout || keys.contains(revocation.fingerprint)
            } else {
                isAbout = isAbout || statement.identityID.map(ids.contains) == true
            }
            guard isAbout else { continue }
            lines.append((start + offset + 1, statement))
        }
        for (number, statement) in last.map({ lines.suffix($0) }) ?? lines[...] {
            try global.print(
                Line(
                    line: number,
                    time: statement.time.description,
                    what: statement.summary(in: registry.state),
                    leaf: statement.leafHash.description,
                    statement: String(decoding: statement.line, as: UTF8.self)
                )
            )
        }
    }
}
