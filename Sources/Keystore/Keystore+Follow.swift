internal import CryptoCore
internal import KeyFormats
public import Registry

/// Statements that others bring, or that were made in advance.
extension Keystore {
    /// Takes in an identity's own statements, whether it is somebody else's or one's own.
    ///
    /// Returns what was new to the registry or to an identity of one's own, and why the rest was
    /// refused; throws `RegistryError` where all was.
    @discardableResult
    public mutating func follow(
        _ statements: [Statement],
        as event: String
    ) throws -> RegistryState.Following {
        // No home is made for what is refused.
        if !home.exists {
            let following = registry.state.following(statements)
            if following.statements.isEmpty, let refusal = following.refusal { throw refusal }
        }
        let name = registry.state.identity(inChain: statements)?.name
        return try change(event, name) { keystore in
            let records = try keystore.storedRecords()
            let following = try keystore.following(statements, records)
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
    /// than with the key that it began with here.
    private func following(
        _ statements: [Statement],
        _ records: [IdentityRecord]
    ) throws -> RegistryState.Following {
        let before = registry.state
        let following = before.following(statements)
        var after = before
        for statement in following.statements { try after.apply(statement) }
        let moved = records.first { record in
            before.identity(record.name)?.id != after.identity(record.name)?.id
        }
        guard let moved else { return following }
        return RegistryState.Following(
            before.newRevocations(in: statements),
            refusal: .otherBeginning(moved.name)
        )
    }
}
