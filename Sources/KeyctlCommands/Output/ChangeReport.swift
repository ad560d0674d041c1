internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore

/// The report about a change of one of the user's own identities.
struct ChangeReport: CommandResult {
    let version = 1
    let outcome: String
    let key: KeyDocument
    let statement: String?

    init(_ record: IdentityRecord, verb: String, statement: String?) {
        outcome = verb
        key = KeyDocument(record.identity, own: record, at: .now)
        self.statement = statement
    }

    func printText() {
        let latest = key.latest
        Report.result("\(outcome) \(key.name), version \(latest.version): \(latest.state)")
        Report.result("  expires    \(latest.expires ?? "never")")
        if let statement { Report.result("  statement  \(statement)  (others import it)") }
    }
}
