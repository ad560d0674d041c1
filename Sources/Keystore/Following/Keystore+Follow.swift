internal import CryptoCore
package import KeyFormats
package import Registry

/// Following statements: from other people's identities, and the user's own that were made in
/// advance.
extension Keystore {
    /// Applies a chain of statements of one identity, of another person or the user's own, to the
    /// registry.
    ///
    /// Every new key is examined, within the bounds of `work`. A weak key is refused, unless
    /// `allowingWeak` is set. `event` is the name of the audit log's entry. Returns the statements
    /// that were new to the registry or to the user's own identity, and why the rest was refused.
    /// Throws `RegistryError` if everything was refused.
    @discardableResult
    package mutating func follow(
        _ statements: [Statement],
        as event: String,
        allowingWeak: Bool = false,
        work: KeyWork = .file
    ) throws -> RegistryState.Following {
        // A refused chain makes no home.
        if !home.exists {
            let following = registry.state.following(statements)
            if following.statements.isEmpty, let refusal = following.refusal { throw refusal }
        }
        let name = registry.state.identity(inChain: statements)?.name
        return try change(event, name) { keystore in
            let records = try keystore.storedRecords()
            let following = try keystore.following(
                statements,
                records,
                work: allowingWeak ? nil : work
            )
            var own: [Statement] = []
            var changed: [IdentityRecord] = []
            let ids = Set(records.map(\.identity.id))
            let movedOn = following.statements.contains {
                $0.rotation.map { ids.contains($0.id) } ?? false
            }
            for record in records {
                // After a rotation, only revocations are taken: the new private key is not here.
                let (adopted, taken) = try record.adopting(
                    statements,
                    changes: movedOn ? [] : following.statements
                )
                guard !taken.isEmpty else { continue }
                changed.append(adopted)
                own += taken.filter { !following.statements.contains($0) }
            }
            let isKnown = statements.allSatisfy { statement in
                (records + changed).contains { $0.knows(statement) }
            }
            let news = following.statements + own
            if let refusal = following.refusal, news.isEmpty, !isKnown { throw refusal }
            // The registry follows a rotation before it hears that the old key was revoked. Any
            // other change of the user's own identity is written to the identity's file first.
            if movedOn { try keystore.append(following.statements) }
            for record in changed { try keystore.write(record) }
            if !movedOn { try keystore.append(following.statements) }
            for record in changed { try keystore.append(keystore.missing(record)) }
            return RegistryState.Following(news, refusal: isKnown ? nil : following.refusal)
        }
    }

    /// Returns what a chain adds to the registry.
    ///
    /// A chain that would change the id of one of the user's own identities is refused, except its
    /// revocations. New keys are examined if `work` is given.
    private func following(
        _ statements: [Statement],
        _ records: [IdentityRecord],
        work: KeyWork?
    ) throws -> RegistryState.Following {
        let before = registry.state
        let following = before.following(statements)
        var after = before
        for statement in following.statements { try after.apply(statement) }
        let moved = records.first { record in
            before.identity(record.name)?.id != after.identity(record.name)?.id
        }
        guard moved == nil else {
            return RegistryState.Following(
                before.newRevocations(in: statements),
                refusal: moved.map { RegistryError.otherBeginning($0.name) }
            )
        }
        guard let work else { return following }
        return try examined(following, of: statements, after: after, work: work)
    }

    /// Returns the part of a chain's new statements that is accepted.
    ///
    /// If a key is weak, only revocations are. If examining all keys costs more than `work`, the
    /// first statements are; the same chain continues from there when it comes again.
    private func examined(
        _ following: RegistryState.Following,
        of statements: [Statement],
        after: RegistryState,
        work: KeyWork
    ) throws -> RegistryState.Following {
        let news = following.statements
        // Without a new key, the whole registry need not be read.
        guard news.contains(where: { !$0.keys.isEmpty }) else { return following }
        var state = registry.state
        let name = state.identity(inChain: news)?.name
        // A fork puts no key into use. It must freeze the name, whatever its keys are.
        guard name.flatMap({ after.identity($0) })?.fork == nil else { return following }
        var examination = StatementExamination(
            state,
            compromised: try .standard(home),
            work: work
        )
        let count = try examination.affordableCount(of: news)
        let first = Array(news.prefix(count))
        do { try examination.requireStrong(first, of: name) } catch let error as RegistryError {
            let revocations = state.newRevocations(in: statements)
            return RegistryState.Following(revocations, refusal: error)
        }
        guard count < news.count else { return following }
        for statement in first { try state.apply(statement) }
        return RegistryState.Following(
            first + state.newRevocations(in: statements),
            refusal: RegistryError.tooMuchWork
        )
    }
}
