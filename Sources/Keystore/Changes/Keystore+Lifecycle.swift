public import CryptoCore
internal import DurableFiles
public import KeyFormats
public import KeyOperations
public import Registry

/// The life of an identity's versions: pending, active, retired, revoked, destroyed.
///
/// Each function has its keys sign, takes the home's lock, compares the given record with the one on
/// disk, commits the change and writes an entry to the audit log. Each throws `KeystoreError` with the code
/// `changedMeanwhile` if another process changed the identity.
extension Keystore {
    /// Takes a private key as version 1 of a new identity, and registers its public half.
    ///
    /// The key's numbers are sealed here, unless `place` says which provider keeps them; then
    /// `protection` may be `.none`, as nothing is sealed.
    /// With `isPending`, the identity is not registered before it is promoted. With `replacing`, it
    /// replaces the identity that the registry has under the name; everybody can see that.
    public mutating func create(
        _ name: KeyName,
        key: any IdentityKey,
        at place: KeyPlace = .sealed,
        isServer: Bool = false,
        comment: String = "",
        expires: Timestamp? = nil,
        policy: RotationPolicy = .none,
        allowingWeak: Bool = false,
        isPending: Bool = false,
        replacing: Bool = false,
        protection: Protection
    ) throws -> IdentityRecord {
        try requireWritable(protection)
        let sealed = try sealable(key, as: 1, of: name, at: place)
        let publicKey = try PublicKey(key.publicKey, allowingWeak: allowingWeak)
        let id = publicKey.identityID
        let event = replacing ? "replace" : "create"
        return try change(
            event,
            name,
            version: 1,
            signing: { try Keystore.revocationInAdvance(id, version: 1, key: key) }
        ) { keystore, revocation in
            if !replacing { try keystore.requireFree(name) }
            let time = Timestamp.now
            // The registry judges before anything is written: another identity's name is never
            // taken over.
            let judged = try keystore.registry.state.statementsToImport(
                publicKey,
                as: name,
                replacing: replacing,
                expires: expires,
                at: time
            )
            if !replacing, let known = keystore.registry.state.identity(name) {
                guard known.id == publicKey.identityID else {
                    throw KeystoreError.laterVersion(name)
                }
            }
            let number = replacing ? try keystore.keepReplaced(name) : 1
            let registration = judged.first { statement in
                if case .replace = statement.act { true } else { false }
            }
            let record = try IdentityRecord(
                name: name,
                isServer: isServer,
                comment: comment,
                sealedNumber: number,
                registration: registration
                    ?? Statement(
                        .register(name: name, key: publicKey.spkiDER, expires: expires),
                        time: time
                    ),
                chain: [],
                policy: policy,
                isPending: isPending,
                placesElsewhere: place == .sealed ? [:] : [1: place]
            )
            try keystore.write(revocation, of: record, version: 1)
            let dataKey = try SecretBytes.random(count: DataKeyLock.dataKeyByteCount)
            let file = try SealedFile(
                id: record.identity.id,
                keys: sealed,
                lock: DataKeyLock(dataKey, id: record.identity.id, protection: protection),
                dataKey: dataKey
            )
            let news = isPending ? [] : judged
            // The folder of a lost identity may exist, with or without a sealed file.
            if DurableFile.exists(keystore.folderPath(name)) {
                try keystore.commit(record, file, judged: news)
            } else {
                try keystore.commitNew(record, file, judged: news)
            }
            return record
        }
    }

    /// Makes the next version in advance: its key is sealed, but not registered before `promote`.
    ///
    /// Throws `KeystoreError` if the identity has no usable active version, or has a pending one.
    public mutating func prepare(
        _ unlocked: UnlockedIdentity,
        next: any IdentityKey,
        at place: KeyPlace = .sealed,
        expires: Timestamp?
    ) throws -> IdentityRecord {
        var record = unlocked.record
        let number = record.identity.latest.number + 1
        let sealed = try sealable(next, as: number, of: unlocked, at: place)
        return try change("prepare", record.name, version: number) { keystore in
            try keystore.requireUnchanged(record)
            _ = try record.activeVersion()
            if let pending = record.pending {
                throw KeystoreError.pendingVersion(record.name, version: pending.number)
            }
            record.pending = IdentityRecord.Pending(
                number: number,
                keyDER: try PublicKey(next.publicKey).spkiDER,
                since: .now,
                expires: expires
            )
            record.keep(number, at: place)
            return try keystore.reseal(record, unlocked, adding: sealed)
        }
    }

    /// Registers the pending first version of a new identity.
    ///
    /// Throws `KeystoreError` if nothing is pending or the version is revoked, and `RegistryError`
    /// if the registry refuses the name or the key.
    public mutating func promote(_ record: IdentityRecord) throws -> IdentityRecord {
        try change("promote", record.name, version: 1) { keystore in
            try keystore.requireUnchanged(record)
            guard record.isPending else { throw KeystoreError.nothingPending(record.name) }
            guard !record.identity.latest.isRevoked else {
                throw KeystoreError.revoked(record.name, version: 1)
            }
            let first = try record.identity.latest.storedKey()
            let promoted = try record.promoted(at: .now)
            // In the meantime, another key may have been registered under this name.
            _ = try keystore.registry.state.statementsToImport(
                first,
                as: record.name,
                replacing: false,
                at: promoted.registration.time
            )
            try keystore.commit(promoted)
            return promoted
        }
    }

    /// Rotates an unlocked identity to its pending version.
    ///
    /// Throws `KeystoreError` if nothing is pending, or if the active version may not rotate.
    public mutating func promote(_ unlocked: UnlockedIdentity) throws -> IdentityRecord {
        let record = unlocked.record
        return try change(
            "promote",
            record.name,
            version: record.pending?.number,
            signing: {
                guard let pending = record.pending else {
                    throw KeystoreError.nothingPending(record.name)
                }
                let next = try unlocked.requireKey(version: pending.number)
                return try Keystore.rotation(
                    unlocked,
                    to: next,
                    as: pending.number,
                    expires: pending.expires
                )
            }
        ) { keystore, signed in
            try keystore.requireUnchanged(record)
            var moved = try record.adding(signed.rotation)
            moved.pending = nil
            moved.scheduleSuperfluous()
            try keystore.write(signed.revocation, of: moved, version: signed.version)
            try keystore.commit(moved)
            return moved
        }
    }

    /// Rotates an unlocked identity to a new key: both keys sign the statement, and the old version
    /// is retired.
    ///
    /// With `parameters` and `passphrase`, the data key is wrapped again with these Argon2id
    /// parameters. Throws `KeystoreError` if a version is pending, if the active version may not
    /// rotate, or if the parameters are out of bounds; `RegistryError` if the chain is full.
    public mutating func rotate(
        _ unlocked: UnlockedIdentity,
        to new: any IdentityKey,
        at place: KeyPlace = .sealed,
        expires: Timestamp? = nil,
        parameters: Argon2id.Parameters? = nil,
        passphrase: Passphrase? = nil
    ) throws -> IdentityRecord {
        let record = unlocked.record
        let number = record.identity.latest.number + 1
        let sealed = try sealable(new, as: number, of: unlocked, at: place)
        return try change(
            "rotate",
            record.name,
            version: number,
            signing: {
                if let pending = record.pending {
                    throw KeystoreError.pendingVersion(record.name, version: pending.number)
                }
                return try Keystore.rotation(unlocked, to: new, as: number, expires: expires)
            }
        ) { keystore, signed in
            try keystore.requireUnchanged(record)
            var moved = try record.adding(signed.rotation)
            moved.keep(number, at: place)
            moved.scheduleSuperfluous()
            var lock = unlocked.lock
            if let parameters, let passphrase {
                let protection = Protection.passphrase(passphrase, parameters)
                try keystore.requireWritable(protection)
                let id = record.identity.id
                lock = try DataKeyLock(unlocked.dataKey, id: id, protection: protection)
            }
            try keystore.write(signed.revocation, of: moved, version: number)
            return try keystore.reseal(moved, unlocked, adding: sealed, lock: lock)
        }
    }

    /// What the keys sign when an identity moves to a new version.
    private struct SignedRotation {
        let rotation: Statement
        let revocation: Statement?
        let version: Int
    }

    private static func rotation(
        _ unlocked: UnlockedIdentity,
        to new: any SigningKey,
        as version: Int,
        expires: Timestamp?
    ) throws -> SignedRotation {
        let record = unlocked.record
        let active = try record.activeVersion()
        let statement = try Rotation.statement(
            id: record.identity.id,
            from: active.number,
            previous: record.identity.chainHead,
            old: unlocked.requireKey(version: active.number),
            new: new,
            expires: expires,
            time: .now
        )
        try RegistryState.requireRoom(for: statement, after: record.chain, of: record.name)
        return SignedRotation(
            rotation: statement,
            revocation: try Keystore.revocationInAdvance(
                record.identity.id,
                version: version,
                key: new
            ),
            version: version
        )
    }

    /// Renews the version in use, or retires it without a successor.
    ///
    /// Throws `KeystoreError` if the active version may not change, or if a version is pending and
    /// the change is `retire`; `RegistryError` if the chain is full.
    public mutating func amend(
        _ unlocked: UnlockedIdentity,
        _ amendment: Amendment.Change
    ) throws -> IdentityRecord {
        let record = unlocked.record
        let event =
            switch amendment {
            case .renew: "renew"
            case .retire: "retire"
            }
        let number = record.identity.latest.number
        return try change(
            event,
            record.name,
            version: number,
            signing: {
                let active = try record.activeVersion()
                if case .retire = amendment, let pending = record.pending {
                    throw KeystoreError.pendingVersion(record.name, version: pending.number)
                }
                return try Amendment.statement(
                    amendment,
                    id: record.identity.id,
                    version: active.number,
                    previous: record.identity.chainHead,
                    key: unlocked.requireKey(version: active.number),
                    time: .now
                )
            }
        ) { keystore, statement in
            try keystore.requireUnchanged(record)
            try RegistryState.requireRoom(for: statement, after: record.chain, of: record.name)
            let amended = try record.adding(statement)
            try keystore.commit(amended)
            return amended
        }
    }
}
