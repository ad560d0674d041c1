internal import ArgumentParser
internal import CommandSupport
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl revoke`.
struct RevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Declare that a key must not be trusted any more.",
        discussion: """
            Your own key revokes itself by its signature, and other people import the statement. \
            Another person's key is revoked only in your registry. In a server's registry, the \
            sessions of the key end at once.

            With --at, signatures from before that time still count for a person who vouches for \
            their time. An earlier --at makes a revocation stricter; a later one changes nothing. \
            A statement that was made in advance (--prepare, and by gen and rotate) has no time: \
            once it is imported, no signature of the key counts, unless it was logged.

            Examples:
              keyctl revoke alice --reason "laptop stolen"
              keyctl revoke alice --at 2026-11-01T00:00:00Z
              keyctl revoke bob --reason "left the group"
              keyctl revoke alice --prepare --out /media/usb/alice+revocation.txt
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var statement: StatementOption
    @Argument(help: "Name of the key.", transform: KeyName.argument)
    var name: KeyName
    @Option(help: "The reason, at most 200 bytes.")
    var reason = ""
    @Option(
        help: ArgumentHelp("Distrust the key from this time on (default: now).", valueName: "time"),
        transform: TimestampArgument.read
    )
    var at: Timestamp?
    @Option(help: ArgumentHelp("A version other than the latest.", valueName: "number"))
    var keyVersion: Int?
    @Flag(help: "Only write the statement, for use if the key is lost; revoke nothing.")
    var prepare = false

    func validate() throws {
        guard reason.utf8.count <= Statement.largestReasonByteCount else {
            throw ValidationError(
                "--reason must be at most \(Statement.largestReasonByteCount) bytes"
            )
        }
        if let at, at > .now { throw ValidationError("--at must be a time in the past") }
        guard !prepare || at == nil && reason.isEmpty else {
            throw ValidationError("--prepare cannot be used with --at or --reason")
        }
    }

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let name: String
        let keyVersion: Int
        let statement: String?
        /// Whether the command revoked more than before; `nil` if nothing was revoked
        /// (`--prepare`).
        var changed: Bool?
        /// The time from which signatures do not count; `nil` if no signature of the version
        /// counts.
        var since: String?
    }

    /// The state after the command: the version, and whether the command changed it.
    private struct Outcome {
        let version: RegisteredVersion
        let isChanged: Bool
    }

    func run() throws {
        var keystore = try global.existingKeystore()
        guard try keystore.records().contains(where: { $0.name == name }) else {
            guard statement.out == nil else {
                throw CommandError.usage(
                    "\"\(name)\" belongs to another person: a revocation of it writes no "
                        + "statement, so --out cannot be used"
                )
            }
            return try report(disown(&keystore), nil)
        }
        let record = try keystore.record(name)
        let number = keyVersion ?? record.identity.latest.number
        guard let version = record.identity.version(number) else {
            throw CommandError.usage("\"\(name)\" has no version \(number)")
        }
        if prepare {
            let file = try HandedOutFile(
                statement.out,
                inHome: keystore.preparedRevocationPath(record, version: number),
                force: statement.force,
                mode: DurableFile.privateMode
            )
            let unlocked = try global.unlock(record, in: keystore)
            let revocation = try keystore.preparedRevocation(unlocked, version: number)
            try file.write([revocation])
            guard !global.json else {
                return try Report.json(
                    Document(name: name.description, keyVersion: number, statement: file.path)
                )
            }
            Report.result("made the revocation of version \(number) of \(name); nothing is revoked")
            return Report.result("  statement  \(file.path)  (importing it revokes the key)")
        }
        let file = try statement.file(name, home: keystore.home, kind: "revocation")
        var revoked = record
        let isSaid = record.chain.contains { $0.revokedKey == version.fingerprint }
        let isStricter = version.isLessRevoked(than: at ?? .now)
        // If nothing changes, the statement is only written again, because the file may be lost.
        if !isSaid || isStricter {
            let unlocked = try global.unlock(record, in: keystore)
            _ = try keystore.revoke(unlocked, version: number, since: at, reason: reason)
            revoked = try keystore.record(name)
        }
        try file.write(revoked.handedOut, of: name)
        let standing = revoked.identity.version(number) ?? version
        try report(Outcome(version: standing, isChanged: isStricter), file.path)
        AgentKeyHint.print(version.keyDER, of: name)
    }

    /// Revokes another person's key in the user's own registry.
    private func disown(_ keystore: inout Keystore) throws -> Outcome {
        guard !prepare else {
            throw CommandError.usage(
                "only the owner of a key can prepare its revocation",
                hint: "revoke it here and now: keyctl revoke \(name)"
            )
        }
        var number = 0
        let added = try keystore.changeRegistry("disown", name) { state in
            let identity = try state.known(name)
            number = keyVersion ?? identity.latest.number
            guard let version = identity.version(number) else {
                throw CommandError.usage("\"\(name)\" has no version \(number)")
            }
            let now = Timestamp.now
            guard version.isLessRevoked(than: at ?? now) else { return [] }
            return [
                Statement(
                    .disown(name: name, version: number, since: at ?? now, reason: reason),
                    time: now
                )
            ]
        }
        guard let version = try keystore.registry.state.known(name).version(number) else {
            throw CommandError.usage("\"\(name)\" has no version \(number)")
        }
        return Outcome(version: version, isChanged: !added.isEmpty)
    }

    private func report(_ outcome: Outcome, _ path: String?) throws {
        let number = outcome.version.number
        var since: Timestamp?
        if case .revoked(let time, _, _) = outcome.version.state { since = time }
        guard !global.json else {
            return try Report.json(
                Document(
                    name: name.description,
                    keyVersion: number,
                    statement: path,
                    changed: outcome.isChanged,
                    since: since?.description
                )
            )
        }
        let extent = since.map { "since \($0)" } ?? "for everything that it ever signed"
        if outcome.isChanged {
            Report.result("revoked version \(number) of \(name), \(extent)")
        } else {
            Report.result(
                "nothing changed: version \(number) of \(name) is revoked already, \(extent)"
            )
            if since != nil { Report.note("an earlier time revokes more: --at TIME") }
        }
        if let path { Report.result("  statement  \(path)  (others import it)") }
    }
}
