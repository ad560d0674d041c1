internal import CommandSupport
internal import KeyFormats
internal import Keystore
internal import Registry

/// The result of importing one file or key.
struct ImportOutcome: CommandResult {
    let version = 1
    let outcome: String
    let key: KeyDocument

    /// The versions that this import revoked.
    let revoked: [Revoked]

    /// A version that the import revoked.
    struct Revoked: Encodable {
        let name: String
        let key: KeyDocument.Version
    }

    init(_ keystore: Keystore, _ name: KeyName, verb: String) throws {
        self.init(keystore, try keystore.registry.state.known(name), verb: verb)
    }

    init(
        _ keystore: Keystore,
        _ identity: RegisteredIdentity,
        verb: String,
        revoked: [RegistryState.Holder] = []
    ) {
        outcome = verb
        key = KeyDocument(identity, own: try? keystore.record(identity.name), at: .now)
        self.revoked = revoked.map { holder in
            Revoked(
                name: holder.identity.name.description,
                key: KeyDocument.version(holder.version, own: nil, at: .now)
            )
        }
    }

    func printText() {
        let latest = key.latest
        for told in revoked.isEmpty ? [Revoked(name: key.name, key: latest)] : revoked {
            Report.result(
                "\(outcome): \(told.name), version \(told.key.version), \(told.key.bits ?? 0) bits, "
                    + (told.key.fingerprint ?? "")
            )
            if let reason = told.key.reason { Report.result("  \(Printable.text(reason))") }
        }
        if !revoked.isEmpty, !revoked.contains(where: { $0.key.fingerprint == latest.fingerprint })
        {
            Report.result(
                "  version \(latest.version) of \(key.name) is \(latest.state), "
                    + (latest.fingerprint ?? "")
            )
        }
    }
}
