internal import CryptoCore
internal import Failures
package import KeyFormats

/// Decides, name by name, what another person's registry adds to the user's own.
package struct RegistryMerge {
    private let source: VerifiedRegistry
    private let own: Set<KeyName>
    private let compromised: CompromisedKeys
    /// The names that are new in the user's own registry.
    package private(set) var registered: [KeyName] = []
    /// The names that followed a chain to a newer version.
    package private(set) var moved: [KeyName] = []
    /// The versions that were revoked, by their own keys or by their owners.
    package private(set) var revoked: [RegistryState.Holder] = []
    /// The names that stay unchanged, and the reasons.
    package private(set) var refused: [(name: KeyName, reason: String)] = []

    /// Creates a merge of `source`; the names in `own`, the user's own identities, are left out.
    package init(_ source: VerifiedRegistry, isOwn own: Set<KeyName>, compromised: CompromisedKeys)
    {
        self.source = source
        self.own = own
        self.compromised = compromised
    }

    /// Returns the statements to append, judged at `time`.
    ///
    /// Throws `RegistryError` if one of them cannot be applied.
    package mutating func statements(
        for state: RegistryState,
        at time: Timestamp
    ) throws -> [Statement] {
        var present = state
        var added: [Statement] = []
        registered = []
        moved = []
        revoked = []
        refused = []
        var examination = StatementExamination(state, compromised: compromised, work: .command)
        for identity in source.state.all where !identity.isRemoved && identity.fork == nil {
            do {
                let fresh = try statements(for: identity, in: present, at: time)
                // A fork brings no key into use, and freezes the name. So it must be accepted.
                if try !RegistryMerge.forks(identity.name, by: fresh, in: present) {
                    try examination.requireStrong(fresh, of: identity.name)
                }
                for statement in fresh { try present.apply(statement) }
                added += fresh
                guard fresh.contains(where: { $0.revokedKey == nil }) else { continue }
                if state.identity(identity.name) == nil {
                    registered.append(identity.name)
                } else {
                    moved.append(identity.name)
                }
            } catch let error as any ReportableError {
                refused.append((identity.name, error.message))
            }
        }
        // Revocations come after the chains, because a chain may lead away from a key before its
        // revocation. A revocation that the key itself signed counts even if the other registry has
        // another key for the name.
        for statement in revocations {
            guard let holder = holder(of: statement, in: present), !own.contains(holder),
                let fresh = try? present.statementsToFollow([statement]), !fresh.isEmpty
            else { continue }
            for statement in fresh { try present.apply(statement) }
            added += fresh
        }
        revoked = RegistryMerge.revoked(by: added, in: present)
        return added
    }

    private static func forks(
        _ name: KeyName,
        by statements: [Statement],
        in state: RegistryState
    ) throws -> Bool {
        // The state is copied only if a known name has a rotation.
        guard state.identity(name) != nil, statements.contains(where: { $0.rotation != nil }) else {
            return false
        }
        var next = state
        for statement in statements { try next.apply(statement) }
        return next.identity(name)?.fork != nil
    }

    private static func revoked(
        by statements: [Statement],
        in state: RegistryState
    ) -> [RegistryState.Holder] {
        var holders: [RegistryState.Holder] = []
        for statement in statements {
            guard let key = statement.revokedKey else { continue }
            holders += state.holders(of: key).prefix(1)
        }
        return holders
    }

    private var revocations: [Statement] {
        let all = source.chains.values.flatMap { chain in
            chain.filter { statement in
                if case .revoke = statement.act { true } else { false }
            }
        }
        return all.sorted { ($0.time, $0.leafHash) < ($1.time, $1.leafHash) }
    }

    private func holder(of statement: Statement, in state: RegistryState) -> KeyName? {
        guard case .revoke(let revocation) = statement.act else { return nil }
        return state.holders(of: revocation.fingerprint).first?.identity.name
    }

    private func statements(
        for identity: RegisteredIdentity,
        in state: RegistryState,
        at time: Timestamp
    ) throws -> [Statement] {
        let chain = source.chains[identity.id] ?? []
        // The keys of the user's own identities come only from the user's keystore.
        guard !own.contains(identity.name) else { return [] }
        if let known = state.identity(identity.name), !known.isRemoved {
            guard known.latest.keyDER != identity.latest.keyDER || known.id != identity.id else {
                return chain.isEmpty ? [] : try state.statementsToFollow(chain)
            }
            guard !chain.isEmpty else {
                let key = try identity.latest.publicKey()
                return try state.statementsToImport(
                    key,
                    as: identity.name,
                    replacing: false,
                    at: time
                )
            }
            return try state.statementsToFollow(chain)
        }
        guard !identity.latest.isRevoked else { return [] }
        let first = try identity.versions[0].publicKey()
        let registration = try state.statementsToImport(
            first,
            as: identity.name,
            replacing: false,
            expires: chain.isEmpty ? identity.latest.expires : nil,
            at: time
        )
        guard !chain.isEmpty else { return registration }
        var next = state
        for statement in registration { try next.apply(statement) }
        return registration + (try next.statementsToFollow(chain))
    }
}
