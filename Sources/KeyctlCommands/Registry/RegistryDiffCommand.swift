internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Registry

/// The command `keyctl registry diff`.
struct RegistryDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what changed between two exported registries.",
        discussion: """
            Exit status: 0 both registries hold the same keys for every name, 1 they differ, \
            2 neither registry continues the other.

            Examples:
              keyctl registry diff monday.registry friday.registry
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var owner: OwnerOption
    @Argument(help: ArgumentHelp("The older file.", valueName: "old"))
    var old: String
    @Argument(help: ArgumentHelp("The newer file.", valueName: "new"))
    var new: String

    /// The result, as text and as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let changes: [Change]
        let isFork: Bool

        func printText() {
            for change in changes { Report.result("\(change.name): \(change.what)") }
            if changes.isEmpty { Report.note("both registries hold the same keys for every name") }
        }
    }

    /// One change, as `--json` prints it.
    private struct Change: Encodable {
        let name: String
        let what: String
    }

    func run() throws {
        let (first, second) = (try verified(old), try verified(new))
        let common = min(first.file.lines.count, second.file.lines.count)
        let isFork = first.file.lines.prefix(common) != second.file.lines.prefix(common)
        let difference = RegistryDifference(from: first.state, to: second.state, at: .now)
        let changes = difference.changes.map { Change(name: $0.name.description, what: $0.what) }
        try global.print(Document(changes: changes, isFork: isFork))
        guard !isFork else {
            let at = zip(first.file.lines, second.file.lines).prefix { $0 == $1 }.count + 1
            Report.warning("neither registry continues the other: they differ from line \(at) on")
            throw ExitCode(ExitStatus.notVerified)
        }
        guard changes.isEmpty else { throw ExitCode(ExitStatus.failed) }
    }

    private func verified(_ path: String) throws -> VerifiedRegistry {
        let file = try RegistryFileReader.read(path)
        return try file.verified(by: owner.find(file.note, global), at: .now)
    }
}
