internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl due`.
struct DueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "due",
        abstract: "Tell what the policies ask for: rotations, renewals, destructions.",
        discussion: """
            Exit status: 0 nothing is due, 3 something is, 1 it could not be found out. Needs no \
            passphrase.

            Examples:
              keyctl due
              keyctl due --within 14d || mail -s 'keys are due' alice
            """
    )

    /// Something is due.
    static let status: Int32 = 3

    @OptionGroup var global: GlobalOptions
    @Option(
        help: ArgumentHelp("Also what is due that soon: 14d, 12w.", valueName: "lifetime"),
        transform: LifetimeArgument.read
    )
    var within: Lifetime?

    private struct Document: Encodable {
        let version = 1
        let due: [DueItem]
    }

    func run() throws {
        let keystore = try global.existingKeystore()
        let time = within.map { Timestamp.now.adding($0) } ?? .now
        let items = try keystore.records().flatMap { try DueItem.all($0, keystore, until: time) }
        if global.json {
            try Report.json(Document(due: items))
        } else {
            for item in items {
                Report.result("\(item.name): \(item.what)")
                Report.result("  \(item.command)")
            }
            if items.isEmpty { Report.note("nothing is due") }
        }
        guard items.isEmpty else { throw ExitCode(DueCommand.status) }
    }
}

/// One thing that a policy or a date asks for.
struct DueItem: Encodable {
    let name: String
    let kind: String
    let since: String
    let what: String
    let command: String

    static func all(
        _ record: IdentityRecord,
        _ keystore: Keystore,
        until time: Timestamp
    ) throws -> [DueItem] {
        var items: [DueItem] = []
        let name = record.name
        if let due = record.rotationDue, due <= time {
            items.append(
                DueItem(
                    name: name.description,
                    kind: "rotate",
                    since: due.description,
                    what: "the policy requires a rotation at \(due)",
                    command: record.pending == nil
                        ? "keyctl rotate --user \(name)" : "keyctl promote --user \(name)"
                )
            )
        }
        if let expires = record.identity.active?.expires, expires <= time {
            items.append(
                DueItem(
                    name: name.description,
                    kind: "expires",
                    since: expires.description,
                    what: "its key expires at \(expires)",
                    command: "keyctl rotate --user \(name), or keyctl renew --user \(name) "
                        + "--expires 1y"
                )
            )
        }
        if try keystore.needsPurge(record, at: time) {
            items.append(
                DueItem(
                    name: name.description,
                    kind: "purge",
                    since: record.destroyed.values.min()?.description ?? "",
                    what: "destroyed keys are still in its sealed file",
                    command: "keyctl destroy --due"
                )
            )
        }
        return items
    }
}
