internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl revoke`.
struct RevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Declare that a key must not be trusted any more.",
        discussion: """
            One's own key revokes itself by its signature, and the statement is for others to
            import. Another's key is revoked in one's own registry alone: where that is a server's,
            its sessions end at once.

            Examples:
              keyctl revoke alice --reason "laptop stolen"
              keyctl revoke bob --reason "left the group"
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the key.", transform: KeyName.argument)
    var name: KeyName
    @Option(help: "Why, for those who ask later; at most 200 bytes.")
    var reason = ""
    @Option(
        help: ArgumentHelp(
            "Where to write the statement (default: NAME-revocation.txt in the home).",
            valueName: "file"
        )
    )
    var out: String?

    func validate() throws {
        guard reason.utf8.count <= Statement.largestReasonByteCount else {
            throw ValidationError("--reason is at most \(Statement.largestReasonByteCount) bytes")
        }
    }

    private struct Document: Encodable {
        let version = 1
        let name: String
        let keyVersion: Int
        let statement: String?
    }

    func run() throws {
        var keystore = try global.keystore()
        let number: Int
        var path: String?
        if try keystore.records().contains(where: { $0.name == name }) {
            let statementPath = out ?? "\(keystore.home.path)/\(name)-revocation.txt"
            try DurableFile.requireWritableFolder(of: statementPath)
            var record = try keystore.record(name)
            // Revoked already: the statement is written again, for whoever lost the file.
            if !record.identity.latest.isRevoked {
                let unlocked = try global.unlock(record, in: keystore)
                record = try keystore.revoke(unlocked, reason: reason)
            }
            number = record.identity.latest.number
            try DurableFile.replace(
                statementPath,
                with: StatementFile.encode(record.chain).borrowedBytes,
                mode: DurableFile.publicMode
            )
            path = statementPath
        } else {
            var revoked = 0
            try keystore.changeRegistry { state in
                let latest = try state.known(name).latest
                revoked = latest.number
                guard !latest.isRevoked else { return [] }
                return [
                    Statement(
                        .disown(name: name, version: latest.number, reason: reason),
                        time: .now
                    )
                ]
            }
            number = revoked
        }
        guard !global.json else {
            return try Report.json(
                Document(name: name.description, keyVersion: number, statement: path)
            )
        }
        Report.result("revoked version \(number) of \(name)")
        if let path { Report.result("  statement  \(path)  (others import it)") }
    }
}
