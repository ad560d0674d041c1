internal import ArgumentParser
internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// `keyctl show`.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one key with all its versions.",
        discussion: """
            Examples:
              keyctl show alice
              keyctl show alice --json
            """
    )

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Name of the key.", transform: KeyName.argument)
    var name: KeyName

    private struct Document: Encodable {
        let version = 1
        let key: KeyDocument
    }

    func run() throws {
        let keystore = try global.keystore()
        let own = try? keystore.record(name)
        // What is pending is in no registry yet.
        let identity =
            try own.flatMap { $0.isPending ? $0.identity : nil }
            ?? keystore.registry.state.known(name)
        let key = KeyDocument(identity, own: own, at: .now)
        guard !global.json else { return try Report.json(Document(key: key)) }
        Report.result("name     \(key.name)")
        Report.result("id       \(key.id)")
        Report.result("here is  the \(key.kind) key")
        Report.result("role     \(key.role)")
        Report.result("state    \(key.state)")
        if let comment = key.comment { Report.result("comment  \(Printable.text(comment))") }
        if let verified = key.verified { Report.result("verified \(verified), in person") }
        if let policy = key.policy { Report.result("policy   \(policy)") }
        if identity.wasReplaced { Report.result("note     replaced by hand, without a chain") }
        if let frozen = keystore.registry.state.frozenError(identity) {
            Report.warning(frozen.message)
        }
        Report.result("")
        Table.print(
            ["VERSION", "STATE", "BITS", "SINCE", "EXPIRES", "FINGERPRINT"],
            key.versions.map { version in
                [
                    "v\(version.version)", version.state, "\(version.bits ?? 0)",
                    String(version.since.prefix(10)),
                    version.expires.map { String($0.prefix(10)) } ?? "never",
                    version.fingerprint ?? "?",
                ]
            }
        )
        for (version, place) in own?.keysElsewhere ?? [] {
            Report.result("")
            Report.result(
                "v\(version): the private key is kept by the provider \"\(place.provider)\""
            )
        }
        for version in key.versions {
            if let gone = version.privateKeyGone {
                Report.result("")
                Report.result(
                    version.state == "destroyed"
                        ? "v\(version.version): the private key was destroyed at \(gone)"
                        : "v\(version.version): the private key is destroyed at \(gone), and out "
                            + "of use until then"
                )
            }
            guard let revoked = version.revoked else { continue }
            Report.result("")
            Report.result(
                "v\(version.version) was revoked at \(revoked)"
                    + (version.compromisedSince.map { ", not to be trusted since \($0)" } ?? "")
                    + (version.reason.map { ": \(Printable.text($0))" } ?? "")
            )
        }
    }
}
