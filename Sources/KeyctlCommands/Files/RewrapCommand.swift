internal import ArgumentParser
internal import CommandSupport
internal import DurableFiles
internal import EncryptedFiles
internal import KeyFormats

/// The command `keyctl rewrap`.
struct RewrapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewrap",
        abstract: "Move encrypted files to new keys, or to other recipients.",
        discussion: """
            Without --to and --drop, every file for an old version of a key is wrapped for the \
            version in use; only its header changes. If a recipient is dropped, or a revoked key \
            would remain, the content is encrypted again under a fresh file key. --header-only \
            keeps the old file key, which a dropped recipient may have copied.

            Each file is replaced completely or not at all. A journal records the progress: after \
            a crash, keyctl rewrap --resume finishes the work. Old copies of a file, in backups \
            or in version control, stay readable with the old keys.

            Examples:
              keyctl rewrap secrets/*.age
              keyctl rewrap -r secrets --drop carol
              keyctl rewrap plan.age --to alice --to bob --dry-run
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("Encrypted files.", valueName: "path"))
    var paths: [String] = []
    @Option(
        name: [.customShort("r"), .long],
        help: ArgumentHelp("Every encrypted file in this folder and below it.", valueName: "dir")
    )
    var recursive: [String] = []
    @Option(
        help: "Encrypt for exactly these people, or groups of them.",
        transform: KeyName.argument
    )
    var to: [KeyName] = []
    @Option(help: "Drop these people or groups as recipients.", transform: KeyName.argument)
    var drop: [KeyName] = []
    @Flag(help: "Encrypt the content again under a fresh file key, in every case.")
    var fresh = false
    @Flag(help: "Change only the header, even if a recipient is dropped.")
    var headerOnly = false
    @Flag(help: "Print the changes without making them.")
    var dryRun = false
    @Flag(help: "Finish an interrupted rewrap.")
    var resume = false

    func validate() throws {
        guard resume != (!paths.isEmpty || !recursive.isEmpty) else {
            throw ValidationError("name files, or folders with -r, or use only --resume")
        }
        guard !resume || to.isEmpty && drop.isEmpty && !fresh && !headerOnly && !dryRun else {
            throw ValidationError(
                "--resume continues with the options of the first run: it cannot be used with "
                    + "other options"
            )
        }
        guard to.isEmpty || drop.isEmpty else {
            throw ValidationError("--to names all recipients, so --drop cannot be used with it")
        }
        guard !fresh || !headerOnly else {
            throw ValidationError("--fresh and --header-only cannot be used together")
        }
    }

    /// One line of the result, as text and as `--json` prints it.
    private struct Line: CommandResult {
        let version = 1
        let file: String
        let outcome: String
        let changes: [String]
        let freshKey: Bool

        init(_ file: String, _ outcome: String, _ plan: RewrapPlan? = nil) {
            self.file = file
            self.outcome = outcome
            changes = plan?.changes ?? []
            freshKey = plan?.isFresh ?? false
        }

        func printText() {
            let changes = changes.isEmpty ? "" : " (\(changes.joined(separator: "; ")))"
            Report.result("\(outcome): \(file)\(changes)\(freshKey ? ", fresh key" : "")")
        }
    }

    func run() throws {
        let run = try RewrapRun(global.existingKeystore(), global.dialogue)
        let order = try run.order(to: to, drop: drop, isFresh: fresh, isHeaderOnly: headerOnly)
        var counts = Counts()
        if dryRun {
            try run.rehearse(order, files: files()) { try report($0, $1, &counts) }
            Report.note("\(text(counts.changed)) would be rewrapped; nothing was changed")
        } else if resume {
            try run.resume { try report($0, $1, &counts) }
            conclude(counts)
        } else {
            try run.begin(order, files: files) { try report($0, $1, &counts) }
            conclude(counts)
        }
        guard counts.failed == 0 else { throw ExitCode(ExitStatus.failed) }
    }

    /// The numbers of files with each result.
    private struct Counts {
        var changed = 0
        var current = 0
        var failed = 0
    }

    private func conclude(_ counts: Counts) {
        guard counts.failed == 0 else {
            Report.note(
                "\(text(counts.failed)) could not be rewrapped and stayed as before, "
                    + "\(text(counts.changed)) rewrapped; correct the causes, and run "
                    + "the command again"
            )
            return
        }
        guard !global.json else { return }
        Report.note("\(text(counts.changed)) rewrapped, \(counts.current) needed nothing")
        guard counts.changed > 0 else { return }
        Report.note(
            "old copies of these files (backups, version control) stay readable with the old keys"
        )
    }

    private func files() throws -> [String] {
        var found = try paths.map { try DurableFile.resolved($0) }
        var failures = 0
        for folder in recursive {
            if !DurableFile.exists(folder), (try? KeyName(folder)) != nil {
                throw CommandError.usage(
                    "there is no folder \"\(folder)\": here -r names a folder, not a person",
                    hint: "people are named with --to or --drop"
                )
            }
            let below = try DurableFile.files(below: folder)
            found += below.files
            failures += below.failures.count
            if below.linkCount > 0 {
                Report.note("\(folder): \(below.linkCount) links were not followed")
            }
            for failure in below.failures { Report.error(failure) }
        }
        // If a file cannot be read, the command stops: a dropped recipient could still read that
        // file.
        guard failures == 0 else { throw CommandError.unreadable(failures) }
        return found
    }

    private func text(_ count: Int) -> String { count == 1 ? "1 file" : "\(count) files" }

    private func report(
        _ path: String,
        _ result: Result<Rewrapper.Outcome, any Error>,
        _ counts: inout Counts
    ) throws {
        switch result {
        case .failure(let error):
            counts.failed += 1
            Report.note("\(path):")
            Report.error(error)
        case .success(.otherFormat):
            if paths.isEmpty { return }  // other files in a folder are not reported
            try global.print(Line(path, "not encrypted"))
        case .success(.current):
            counts.current += 1
            try global.print(Line(path, "current"))
        case .success(.changed(let plan)):
            counts.changed += 1
            if !plan.isFresh, plan.losesSomebody {
                Report.warning(
                    "\(path): the file key is unchanged, and removed recipients may still have it"
                )
            }
            try global.print(Line(path, dryRun ? "would be rewrapped" : "rewrapped", plan))
        }
    }
}
