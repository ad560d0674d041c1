internal import CryptoCore
internal import DurableFiles
public import KeyFormats
internal import Registry

/// What becomes of private keys that are needed no longer.
extension Keystore {
    /// How long a destroyed key can be restored, unless something else is asked for.
    public static let graceSeconds = 7 * 86_400

    /// Sets when an identity is to be rotated, and how many keys are kept.
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

    /// Puts a version's private key out of use; from `time` on it is gone.
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
            // Saying it again gives no more time.
            changed.destroyed[version] = min(record.destroyed[version] ?? time, time)
            try keystore.commit(changed)
            return changed
        }
    }

    /// Takes a version's private key, or one that is pending, out of the sealed file at once.
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

    /// Takes every private key out of the sealed file whose time of grace is over.
    public mutating func purge(_ unlocked: UnlockedIdentity) throws -> IdentityRecord {
        let record = unlocked.record
        return try change("purge", record.name) { keystore in
            try keystore.requireUnchanged(record)
            return try keystore.reseal(record, unlocked)
        }
    }

    /// Takes an identity away that was never promoted, and returns where its files are kept.
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

    /// Whether the sealed file still holds keys whose time of grace is over.
    public func needsPurge(_ record: IdentityRecord, at time: Timestamp) throws -> Bool {
        guard record.destroyed.contains(where: { $0.value <= time }) else { return false }
        return try sealedVersions(record).contains { record.isGone($0, at: time) }
    }

    /// Takes the destruction of a version's private key back, within its time of grace.
    public mutating func undestroy(
        _ version: Int,
        of record: IdentityRecord
    ) throws -> IdentityRecord {
        try change("undestroy", record.name, version: version) { keystore in
            try keystore.requireUnchanged(record)
            guard record.destroyed[version] != nil else {
                throw KeystoreError.notDestroyed(record.name, version: version)
            }
            // A policy that destroyed it would do so again: what counts is the sealed file.
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
    /// Throws `KeystoreError` unless the version's private key can be done without.
    func requireDestroyable(_ version: Int) throws(KeystoreError) {
        guard let known = identity.version(version) else {
            throw KeystoreError.unknownVersion(name, version: version)
        }
        guard known.state != .active else { throw KeystoreError.inUse(name, version: version) }
    }

    /// Puts out of use what the policy does not keep, with a time of grace.
    mutating func scheduleSuperfluous() {
        for version in superfluous {
            destroyed[version] = Timestamp.now.adding(seconds: Keystore.graceSeconds)
        }
    }
}
