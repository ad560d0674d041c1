public import CryptoCore
public import KeyFormats
public import KeyOperations
internal import Registry

/// One's own identity with its private keys, for as long as somebody holds it.
///
/// The keystore makes it; any thread may use it.
public final class UnlockedIdentity: Sendable {
    /// The public side.
    public let record: IdentityRecord
    let lock: DataKeyLock
    let dataKey: SecretBytes
    private let sealed: [Int: RSAPrivateKey]
    private let keys: [Int: AuditedKey]

    init(
        record: IdentityRecord,
        lock: DataKeyLock,
        dataKey: consuming SecretBytes,
        sealed: [Int: RSAPrivateKey],
        audit: AuditLog
    ) {
        self.record = record
        self.lock = lock
        self.dataKey = dataKey
        self.sealed = sealed
        var keys: [Int: AuditedKey] = [:]
        let name = record.name
        for (version, key) in sealed {
            let use = AuditedUse { audit.append("use", name, version: version) }
            keys[version] = AuditedKey(base: key, use: use)
        }
        self.keys = keys
    }

    /// The key of a version; `nil` where it is gone.
    ///
    /// Its first use in this process is entered in the audit log, before the key acts.
    public func key(version: Int) -> (any IdentityKey)? {
        record.hasKey(version) ? keys[version] : nil
    }

    /// The key of a version; throws `KeystoreError` where it is gone.
    public func requireKey(version: Int) throws(KeystoreError) -> any IdentityKey {
        guard record.hasKey(version) else {
            throw KeystoreError.destroyed(record.name, version: version)
        }
        guard let key = keys[version] else {
            throw KeystoreError.damaged(
                "the identity \(record.name)",
                "its key of version \(version) is missing"
            )
        }
        return key
    }

    /// The key that signs at `time`; throws `KeystoreError` where none may.
    public func signingKey(at time: Timestamp) throws(KeystoreError) -> any IdentityKey {
        try requireKey(version: record.signingVersion(at: time).number)
    }

    /// The numbers of a version's key, to be written for another program; their export is entered
    /// in the audit log as a use.
    ///
    /// Throws `KeystoreError` where the key is gone.
    public func exportedKey(version: Int) throws(KeystoreError) -> RSAPrivateKey {
        _ = try requireKey(version: version)
        guard let key = sealed[version] else {
            preconditionFailure("a key of an unlocked identity is not sealed")
        }
        keys[version]?.use.note()
        return key
    }

    /// Every key that is to be sealed again: not those whose time to be destroyed has come.
    func keptKeys(at time: Timestamp) -> [(number: Int, key: RSAPrivateKey)] {
        sealed.filter { !record.isGone($0.key, at: time) }
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
