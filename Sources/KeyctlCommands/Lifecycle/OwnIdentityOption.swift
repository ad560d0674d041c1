internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import KeyFormats
internal import Keystore
internal import Registry

/// Which of one's own identities a command is about.
struct OwnIdentityOption: ParsableArguments {
    @Option(
        help: "Name of the identity (default: the one that is here).",
        transform: KeyName.argument
    )
    var user: KeyName?

    func record(_ keystore: Keystore) throws -> IdentityRecord {
        try user.map { try keystore.record($0) } ?? keystore.defaultRecord()
    }
}

/// Where the statement goes that others import.
struct StatementOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to write the statement that others import (default: in the home).",
            valueName: "file"
        )
    )
    var out: String?

    /// The path, which can be written to.
    func path(_ record: IdentityRecord, home: Home, kind: String) throws -> String {
        let path = out ?? "\(home.path)/\(record.name)-\(kind).txt"
        try DurableFile.requireWritableFolder(of: path)
        return path
    }

    func write(_ record: IdentityRecord, to path: String) throws {
        try DurableFile.replace(
            path,
            with: StatementFile.encode(record.chain).borrowedBytes,
            mode: DurableFile.publicMode
        )
    }
}

/// What is said of an identity of one's own that changed.
struct ChangeReport: Encodable {
    let version = 1
    let outcome: String
    let key: KeyDocument
    let statement: String?

    init(_ record: IdentityRecord, verb: String, statement: String?) {
        outcome = verb
        key = KeyDocument(record.identity, own: record, at: .now)
        self.statement = statement
    }

    func print(json: Bool) throws {
        guard !json else { return try Report.json(self) }
        let latest = key.latest
        Report.result("\(outcome) \(key.name), version \(latest.version): \(latest.state)")
        Report.result("  expires    \(latest.expires ?? "never")")
        if let statement { Report.result("  statement  \(statement)  (others import it)") }
    }
}
