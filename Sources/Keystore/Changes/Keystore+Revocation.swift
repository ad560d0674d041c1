internal import CryptoCore
internal import DurableFiles
public import KeyFormats
internal import KeyOperations
public import Registry

/// Revoking one's own keys, at once or by a statement for a later day.
extension Keystore {
    /// Where the revocation of a version lies that was made in advance, with the key.
    ///
    /// Named after the id, too: that of a lost identity must outlive its replacement.
    public func preparedRevocationPath(_ record: IdentityRecord, version: Int) -> String {
        home.handedOutPath(
            record.name,
            "revocation-\(record.identity.id.description.prefix(8))-v\(version).txt"
        )
    }

    /// A statement that revokes a version by its own signature, without making it count: for the
    /// day that the key is lost.
    public func preparedRevocation(
        _ unlocked: UnlockedIdentity,
        version: Int
    ) throws -> Statement {
        try preparedRevocation(
            unlocked.record,
            version: version,
            key: unlocked.requireKey(version: version)
        )
    }

    /// Writes the revocation of a key that is about to be used: no crash leaves one without.
    func prepareRevocation(_ record: IdentityRecord, version: Int, key: any SigningKey) throws {
        // A weak key may be too short for the signature, and proves nothing about its owner.
        guard (try? PublicKey(key.publicKey)) != nil else { return }
        let statement = try preparedRevocation(record, version: version, key: key)
        try DurableFile.replace(
            preparedRevocationPath(record, version: version),
            with: StatementFile.encode([statement]).borrowedBytes
        )
    }

    private func preparedRevocation(
        _ record: IdentityRecord,
        version: Int,
        key: any SigningKey
    ) throws -> Statement {
        try Revocation.statement(
            id: record.identity.id,
            version: version,
            key: key,
            since: nil,
            reason: "revoked by a statement made in advance",
            time: .now
        )
    }

    /// Revokes a version of an unlocked identity, by its own signature.
    public mutating func revoke(
        _ unlocked: UnlockedIdentity,
        version: Int,
        since: Timestamp?,
        reason: String
    ) throws -> IdentityRecord {
        let record = unlocked.record
        return try change("revoke", record.name, version: version) { keystore in
            try keystore.requireUnchanged(record)
            let now = Timestamp.now
            let statement = try Revocation.statement(
                id: record.identity.id,
                version: version,
                key: unlocked.requireKey(version: version),
                since: since ?? now,
                reason: reason,
                time: now
            )
            let revoked = try record.adding(statement)
            try keystore.commit(revoked)
            try keystore.requireRevoked(version, of: revoked, since: since ?? now, reason: reason)
            return revoked
        }
    }

    /// Where the registry cannot follow the identity's own word (a frozen name, another history),
    /// its owner's word stands in: a key that was declared stolen is used no more here.
    private mutating func requireRevoked(
        _ version: Int,
        of record: IdentityRecord,
        since: Timestamp,
        reason: String
    ) throws {
        guard let key = record.identity.version(version)?.keyDER,
            let known = registry.state.identity(record.name),
            let same = known.versions.first(where: { $0.keyDER == key }),
            same.isLessRevoked(than: since)
        else { return }
        let act = Statement.Act.disown(
            name: record.name,
            version: same.number,
            since: since,
            reason: reason
        )
        try append([Statement(act, time: .now)])
    }
}
