internal import CryptoCore
internal import DurableFiles
public import KeyFormats
internal import KeyOperations
public import Registry

/// Revocation of the user's own keys: at once, or by a statement for a later day.
extension Keystore {
    /// The path of the revocation that is written in advance, together with the key.
    ///
    /// The name contains the identity's id: the revocation of a lost identity must survive the
    /// identity's replacement.
    public func preparedRevocationPath(_ record: IdentityRecord, version: Int) -> String {
        home.handedOutPath(
            record.name,
            "revocation-\(record.identity.id.description.prefix(8))-v\(version).txt"
        )
    }

    /// Returns a statement that revokes a version by its own signature, and does not apply it.
    ///
    /// It is for the day when the key is lost.
    ///
    /// Throws `KeystoreError` if the version's private key is gone.
    public func preparedRevocation(
        _ unlocked: UnlockedIdentity,
        version: Int
    ) throws -> Statement {
        try Keystore.revocationStatement(
            unlocked.record.identity.id,
            version: version,
            key: unlocked.requireKey(version: version)
        )
    }

    /// Has a key that is about to be used sign its revocation; `nil` for a weak key.
    static func revocationInAdvance(
        _ id: SHA256Digest,
        version: Int,
        key: any SigningKey
    ) throws -> Statement? {
        // A weak key may be too short for the signature, and proves nothing about its owner.
        guard (try? PublicKey(key.publicKey)) != nil else { return nil }
        return try revocationStatement(id, version: version, key: key)
    }

    /// Writes the revocation of a key that is about to be used: no crash leaves one without.
    func write(_ revocation: Statement?, of record: IdentityRecord, version: Int) throws {
        guard let revocation else { return }
        try DurableFile.replace(
            preparedRevocationPath(record, version: version),
            with: StatementFile.encode([revocation]).borrowedBytes
        )
    }

    private static func revocationStatement(
        _ id: SHA256Digest,
        version: Int,
        key: any SigningKey
    ) throws -> Statement {
        try Revocation.statement(
            id: id,
            version: version,
            key: key,
            since: nil,
            reason: "revoked by a statement made in advance",
            time: .now
        )
    }

    /// Revokes a version of an unlocked identity by the version's own signature.
    ///
    /// `since` is the time from which the key is not to be trusted; `nil`: now. Throws
    /// `KeystoreError` if the version's private key is gone.
    public mutating func revoke(
        _ unlocked: UnlockedIdentity,
        version: Int,
        since: Timestamp?,
        reason: String
    ) throws -> IdentityRecord {
        let record = unlocked.record
        let now = Timestamp.now
        return try change(
            "revoke",
            record.name,
            version: version,
            signing: {
                try Revocation.statement(
                    id: record.identity.id,
                    version: version,
                    key: unlocked.requireKey(version: version),
                    since: since ?? now,
                    reason: reason,
                    time: now
                )
            }
        ) { keystore, statement in
            try keystore.requireUnchanged(record)
            let revoked = try record.adding(statement)
            try keystore.commit(revoked)
            try keystore.requireRevoked(version, of: revoked, since: since ?? now, reason: reason)
            return revoked
        }
    }

    /// Adds a `disown` statement if the registry cannot apply the revocation (the name is frozen,
    /// or has another history).
    ///
    /// So a key that was declared stolen is not used here any more.
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
