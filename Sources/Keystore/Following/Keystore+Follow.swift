internal import CryptoCore
public import KeyFormats
public import Registry

/// Statements that others bring, or that were made in advance.
extension Keystore {
    /// Takes in an identity's own statements, whether it is somebody else's or one's own.
    ///
    /// Every new key is examined, within the bounds of `work`, and a weak one refused; `allowingWeak`
    /// takes it. Returns what was new to the registry or to an identity of one's own, and why the
    /// rest was refused; throws `RegistryError` where all was.
    @discardableResult
    public mutating func follow(
        _ statements: [Statement],
        as event: String,
        allowingWeak: Bool = false,
        work: KeyWork = .file
    ) throws -> RegistryState.Following {
        // No home is made for what is refused.
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
                // After a rotation nothing but revocations: the new private key is not here.
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
            // A rotation is followed before it is heard that the key it left was revoked; anything
            // else of one's own is in the identity's file first, as always.
            if movedOn { try keystore.append(following.statements) }
            for record in changed { try keystore.write(record) }
            if !movedOn { try keystore.append(following.statements) }
            for record in changed { try keystore.append(keystore.missing(record)) }
            return RegistryState.Following(news, refusal: isKnown ? nil : following.refusal)
        }
    }

    /// What a chain adds to the registry, where none of one's own identities begins otherwise by it
    /// than with the key that it began with here, and no new key is weak; without `work` that is not
    /// examined.
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

    /// What of a chain's news is taken: all, or nothing but revocations where a key is weak; where
    /// examining all would take too long, the first statements, so that the same chain goes on
    /// from there when it comes again.
    private func examined(
        _ following: RegistryState.Following,
        of statements: [Statement],
        after: RegistryState,
        work: KeyWork
    ) throws -> RegistryState.Following {
        let news = following.statements
        // Without a new key the whole registry need not be read.
        guard news.contains(where: { !$0.keys.isEmpty }) else { return following }
        var state = registry.state
        let name = state.identity(inChain: news)?.name
        // A fork brings no key into use: it freezes the name, and must do so.
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
