internal import AgeFiles
internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl rewrap`.
struct RewrapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewrap",
        abstract: "Move encrypted files on to new keys, or to other people.",
        discussion: """
            With neither --to nor --drop, every file that is for an old version of somebody's key is \
            wrapped for the version in use; only its header changes. When somebody is dropped, or a \
            revoked key is left, the content is encrypted anew under a fresh file key: --header-only \
            keeps the old one, which whoever is dropped may have kept too.

            Each file is replaced whole or not at all, and a journal remembers how far it came: after \
            a crash, keyctl rewrap --resume ends it. Old copies of a file, in backups or in version \
            control, stay readable by whoever could read them.

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
    @Option(help: "Take these people, or groups, out.", transform: KeyName.argument)
    var drop: [KeyName] = []
    @Flag(help: "Encrypt the content anew, whoever stays.")
    var fresh = false
    @Flag(help: "Change the header alone, even if somebody is dropped.")
    var headerOnly = false
    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false
    @Flag(help: "End a rewrap that was interrupted.")
    var resume = false

    func validate() throws {
        guard resume != (!paths.isEmpty || !recursive.isEmpty) else {
            throw ValidationError("name files, or folders with -r; or --resume alone")
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

    private struct Line: Encodable {
        let version = 1
        let file: String
        let outcome: String
        let changes: [String]
        let freshKey: Bool
    }

    func run() throws {
        // The journal is the home's, so one rewrap at a time.
        let keystore = try global.existingKeystore()
        let home = keystore.home
        guard let lock = try FileLock(trying: home.rewrapJournalPath + ".lock") else {
            throw CommandError.failed(
                "another rewrap is running",
                hint: "wait until it ends, and run the command again"
            )
        }
        defer { withExtendedLifetime(lock) {} }
        let rewrapper = try Rewrapper(global, keystore)
        let order = RewrapOrder(
            to: rewrapper.people(to),
            drop: rewrapper.people(drop),
            isFresh: fresh,
            isHeaderOnly: headerOnly
        )
        try rewrapper.require(order)
        guard !dryRun else {
            let failures = try dryRun(order, rewrapper)
            guard failures == 0 else { throw ExitCode(ExitStatus.failed) }
            return
        }
        var journal = try journal(order, home)
        var counts = Counts()
        for path in journal.files where !journal.done.contains(path) {
            if let outcome = attempt(path, journal.order, rewrapper, &counts) {
                try report(path, outcome, &counts)
                try journal.finish(path)
            }
        }
        // It came to its end: what failed is told, and no later rewrap waits for it.
        try journal.remove()
        guard counts.failed == 0 else {
            Report.note(
                "\(text(counts.failed)) could not be rewrapped and stayed as before, "
                    + "\(text(counts.changed)) rewrapped; once that is mended, run it again"
            )
            throw ExitCode(ExitStatus.failed)
        }
        guard !global.json else { return }
        Report.note("\(text(counts.changed)) rewrapped, \(counts.current) needed nothing")
        if counts.changed > 0 {
            Report.note(
                "old copies of these files (backups, version control) stay readable with the old "
                    + "keys"
            )
        }
    }

    private struct Counts {
        var changed = 0
        var current = 0
        var failed = 0
    }

    private func journal(_ order: RewrapOrder, _ home: Home) throws -> RewrapJournal {
        guard !resume else { return try RewrapJournal(home: home) }
        guard !RewrapJournal.exists(in: home) else {
            throw RecipientError(
                message: "an earlier rewrap was interrupted",
                hint: "finish it first: keyctl rewrap --resume; or abandon it: rm '"
                    + "\(home.rewrapJournalPath)'",
                codeName: "unfinished-rewrap"
            )
        }
        return try RewrapJournal(order, files: files(), home: home)
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
        // Whoever is dropped must not keep a file because nobody could look at it.
        guard failures == 0 else {
            throw RecipientError(
                message: "\(failures) files or folders could not be read; nothing was changed",
                hint: "mend or move them, and run it again",
                codeName: "unreadable"
            )
        }
        return found
    }

    private func dryRun(_ order: RewrapOrder, _ rewrapper: Rewrapper) throws -> Int {
        var counts = Counts()
        for path in try files() {
            if let outcome = attempt(path, order, rewrapper, &counts, dryRun: true) {
                try report(path, outcome, &counts)
            }
        }
        Report.note("\(text(counts.changed)) would be rewrapped; nothing was changed")
        return counts.failed
    }

    private func text(_ count: Int) -> String { count == 1 ? "1 file" : "\(count) files" }

    private func attempt(
        _ path: String,
        _ order: RewrapOrder,
        _ rewrapper: Rewrapper,
        _ counts: inout Counts,
        dryRun: Bool = false
    ) -> Rewrapper.Outcome? {
        do { return try rewrapper.rewrap(path, order, dryRun: dryRun) } catch {
            counts.failed += 1
            Report.note("\(path):")
            Report.error(error)
            return nil
        }
    }

    private func report(
        _ path: String,
        _ outcome: Rewrapper.Outcome,
        _ counts: inout Counts
    ) throws {
        let line: Line
        switch outcome {
        case .otherFormat:
            if paths.isEmpty { return }  // a folder may hold anything
            line = Line(file: path, outcome: "not encrypted", changes: [], freshKey: false)
        case .current:
            counts.current += 1
            line = Line(file: path, outcome: "current", changes: [], freshKey: false)
        case .changed(let plan):
            counts.changed += 1
            line = Line(
                file: path,
                outcome: dryRun ? "would be rewrapped" : "rewrapped",
                changes: plan.changes,
                freshKey: plan.isFresh
            )
            if !plan.isFresh, plan.losesSomebody {
                Report.warning(
                    "\(path): the file key is unchanged, and removed recipients may still have it"
                )
            }
        }
        guard !global.json else { return try Report.json(line) }
        let changes = line.changes.isEmpty ? "" : " (\(line.changes.joined(separator: "; ")))"
        Report.result("\(line.outcome): \(path)\(changes)\(line.freshKey ? ", fresh key" : "")")
    }
}
