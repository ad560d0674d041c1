internal import CommandSupport
internal import Failures
internal import KeyFormats
internal import Keystore
internal import Registry

/// The part of `keyctl import` that reads files of statements.
extension ImportCommand {
    /// Imports a file of statements; with `--allow-weak`, warns of each weak key in it.
    func follow(
        _ chain: [Statement],
        _ keystore: inout Keystore
    ) throws -> ImportOutcome {
        let before = keystore.registry.state
        let following = try keystore.follow(chain, as: "import", allowingWeak: allowWeak)
        let added = following.statements
        if allowWeak { try warnOfWeakKeys(added, before, keystore) }
        let present = keystore.registry.state
        // If the registry accepted only some of the statements, the report is about those.
        let taken = added.isEmpty ? chain : added
        let isWordAlone = taken.allSatisfy { $0.revokedKey != nil }
        let known = isWordAlone ? nil : present.identity(inChain: taken)
        guard let identity = try known ?? holders(taken, keystore).first?.identity else {
            throw CommandError.failed("the file holds no statement about a key that is known here")
        }
        if let frozen = present.frozenError(identity) {
            guard added.contains(where: { $0.revokedKey != nil }) else { throw frozen }
            Report.warning(frozen.message)
        } else if let refusal = following.refusal {
            Report.warning("the other statements of the file were refused: \(refusal.message)")
            if let hint = refusal.hint { Report.note(hint) }
        }
        return ImportOutcome(
            keystore,
            identity,
            verb: verb(added),
            revoked: try holders(added, keystore)
        )
    }

    /// Returns the versions that the statements of a chain revoke.
    private func holders(
        _ chain: [Statement],
        _ keystore: Keystore
    ) throws -> [RegistryState.Holder] {
        let own = try keystore.records().map(\.identity)
        return chain.compactMap(\.revokedKey).compactMap { key in
            keystore.registry.state.holders(of: key).first
                ?? own.lazy.compactMap { identity in
                    identity.versions.first { $0.fingerprint == key }.map { (identity, $0) }
                }.first
        }
    }

    private func verb(_ added: [Statement]) -> String {
        let isRevoked = added.contains { $0.revokedKey != nil }
        return switch added.first?.act {
        case nil: "known already"
        case _ where isRevoked: "REVOKED"
        case .sign: "signature logged"
        case .amend: "changed"
        default: "updated"
        }
    }

    private func warnOfWeakKeys(
        _ added: [Statement],
        _ before: RegistryState,
        _ keystore: Keystore
    ) throws {
        var examination = StatementExamination(
            before,
            compromised: try .standard(keystore.home),
            work: .file
        )
        let name = before.identity(inChain: added)?.name
        for finding in try examination.findings(in: added, of: name) {
            WeakKeys.warn(of: finding.weakness)
        }
    }
}
