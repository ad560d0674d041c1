internal import CryptoCore
internal import DurableFiles
public import KeyFormats
internal import Registry

/// Policies, and the destruction of private keys that are no longer needed.
extension Keystore {
    /// The grace period in seconds: a destroyed key can be restored for seven days by default.
    public static let graceSeconds = 7 * 86_400

    /// Sets how often an identity is rotated and how many keys are kept.
    ///
    /// Throws `KeystoreError` if another process changed the identity, or if the home is locked.
    public mutating func setPolicy(
        _ policy: RotationPolicy,
        for record: IdentityRecord
    ) throws -> IdentityRecord {
        try change("policy", record.name) { keystore in
            try keystore.requireUnchanged(record)
            var changed = record
            changed.policy = policy
            try keystore.commit(changed)
            return changed
        }
    }

    /// Puts a version's private key out of use at once; at `time` it is gone for good.
    ///
    /// Throws `KeystoreError` if the version is unknown, in use or gone already.
    public mutating func destroy(
        _ version: Int,
        of record: IdentityRecord,
        at time: Timestamp
    ) throws -> IdentityRecord {
        try change("destroy", record.name, version: version) { keystore in
            try keystore.requireUnchanged(record)
            try record.requireDestroyable(version)
            guard !record.isGone(version, at: .now) else {
                throw KeystoreError.gone(record.name, version: version)
            }
            var changed = record
            // A second call cannot extend the grace period.
            changed.destroyed[version] = min(record.destroyed[version] ?? time, time)
            try keystore.commit(changed)
            return changed
        }
    }

    /// Removes a version's private key, or a pending key, from the sealed file at once.
    ///
    /// Throws `KeystoreError` if the version is unknown or in use.
    public mutating func destroyNow(
        _ version: Int,
        of unlocked: UnlockedIdentity
    ) throws -> IdentityRecord {
        let record = unlocked.record
        return try change("destroy", record.name, version: version) { keystore in
            try keystore.requireUnchanged(record)
            var changed = record
            if record.pending?.number == version {
                changed.pending = nil
            } else {
                try record.requireDestroyable(version)
                changed.destroyed[version] = min(record.destroyed[version] ?? .now, .now)
            }
            return try keystore.reseal(changed, unlocked, dropping: version)
        }
    }

    /// Removes every private key from the sealed file whose grace period is over.
    ///
    /// Throws `KeystoreError` if another process changed the identity.
    public mutating func purge(_ unlocked: UnlockedIdentity) throws -> IdentityRecord {
        let record = unlocked.record
        return try change("purge", record.name) { keystore in
            try keystore.requireUnchanged(record)
            return try keystore.reseal(record, unlocked)
        }
    }

    /// Removes an identity that was never promoted; returns the folder that keeps its files.
    ///
    /// Throws `KeystoreError` if the identity is not pending.
    public mutating func discard(_ record: IdentityRecord) throws -> String {
        try change("discard", record.name) { keystore in
            try keystore.requireUnchanged(record)
            guard record.isPending else { throw KeystoreError.nothingPending(record.name) }
            let kept = keystore.replacedPath(record.name)
            try DurableFile.makeFolder(keystore.home.replacedPath)
            try DurableFile.move("\(keystore.home.identitiesPath)/\(record.name)", to: kept)
            return kept
        }
    }

    /// Returns whether the sealed file still holds keys whose grace period is over.
    ///
    /// Throws `KeystoreError` if the sealed file is missing or damaged.
    public func needsPurge(_ record: IdentityRecord, at time: Timestamp) throws -> Bool {
        guard record.destroyed.contains(where: { $0.value <= time }) else { return false }
        return try sealedVersions(record).contains { record.isGone($0, at: time) }
    }

    /// Takes back the destruction of a version's private key, within the grace period.
    ///
    /// Throws `KeystoreError` if the version is not destroyed, or if its private key is gone.
    public mutating func undestroy(
        _ version: Int,
        of record: IdentityRecord
    ) throws -> IdentityRecord {
        try change("undestroy", record.name, version: version) { keystore in
            try keystore.requireUnchanged(record)
            guard record.destroyed[version] != nil else {
                throw KeystoreError.notDestroyed(record.name, version: version)
            }
            // If a policy destroyed the key, it would do so again. The sealed file decides.
            guard !record.isGone(version, at: .now),
                try record.place(of: version) != .sealed
                    || keystore.sealedVersions(record).contains(version)
            else { throw KeystoreError.gone(record.name, version: version) }
            var changed = record
            changed.destroyed[version] = nil
            try keystore.commit(changed)
            return changed
        }
    }
}

extension IdentityRecord {
    /// Throws `KeystoreError` if the version is unknown, or is the version in use.
    func requireDestroyable(_ version: Int) throws(KeystoreError) {
        guard let known = identity.version(version) else {
            throw KeystoreError.unknownVersion(name, version: version)
        }
        guard known.state != .active else { throw KeystoreError.inUse(name, version: version) }
    }

    /// Destroys the keys that the policy does not keep, with the default grace period.
    mutating func scheduleSuperfluous() {
        for version in superfluous {
            destroyed[version] = Timestamp.now.adding(seconds: Keystore.graceSeconds)
        }
    }
}
