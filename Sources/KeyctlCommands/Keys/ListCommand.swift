internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The command `keyctl list`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List all keys: your own and other people's.",
        discussion: """
            Examples:
              keyctl list
              keyctl list --json
            """
    )

    @OptionGroup var global: GlobalOptions

    /// The result, as `--json` prints it.
    private struct Document: CommandResult {
        let version = 1
        let keys: [KeyDocument]

        func printText() {
            guard !keys.isEmpty else {
                return Report.note("no keys yet; make one with: keyctl gen --user NAME")
            }
            let rows = keys.map { key in
                [
                    key.name, key.role == "member" ? key.kind : "\(key.kind), \(key.role)",
                    "v\(key.latest.version)", key.state, "\(key.latest.bits ?? 0)",
                    key.latest.expires.map { String($0.prefix(10)) } ?? "never",
                    key.latest.fingerprint ?? "?",
                ]
            }
            Table.print(
                ["NAME", "HERE IS", "VERSION", "STATE", "BITS", "EXPIRES", "FINGERPRINT"],
                rows
            )
        }
    }

    func run() throws {
        let keystore = try global.keystore()
        let records = try keystore.records()
        let now = Timestamp.now
        let pending = records.filter(\.isPending).map(\.identity)
        let keys = (keystore.registry.state.all.filter { !$0.isRemoved } + pending)
            .sorted { $0.name < $1.name }
            .map { identity in
                KeyDocument(
                    identity,
                    own: records.first { $0.name == identity.name },
                    isUnusable: keystore.leftAside.contains { $0.name == identity.name },
                    at: now
                )
            }
        try global.print(Document(keys: keys))
    }
}
