public import CryptoCore
public import KeyFormats
internal import Registry
internal import Synchronization

/// One's own identity with its opened private keys.
///
/// The keys are cleansed when it is released.
public final class UnlockedIdentity: Sendable {
    /// The identity's public side.
    public let record: IdentityRecord
    let lock: DataKeyLock
    let dataKey: SecretBytes
    private let keys: [Int: RSAPrivateKey]
    private let audit: AuditLog
    private let used = Mutex<Set<Int>>([])

    init(
        record: IdentityRecord,
        lock: DataKeyLock,
        dataKey: consuming SecretBytes,
        keys: [Int: RSAPrivateKey],
        audit: AuditLog
    ) {
        self.record = record
        self.lock = lock
        self.dataKey = dataKey
        self.keys = keys
        self.audit = audit
    }

    /// Returns the private key of a version, or `nil` if it is destroyed or missing.
    ///
    /// The first use of a version in a process is logged before the key is handed out.
    public func privateKey(version: Int) -> RSAPrivateKey? {
        guard record.hasKey(version), let key = keys[version] else { return nil }
        // A version is marked when its entry is written; other callers wait meanwhile. If writing
        // fails, the next use tries again.
        used.withLock { used in
            guard !used.contains(version) else { return }
            guard audit.append("use", record.name, version: version) else { return }
            used.insert(version)
        }
        return key
    }

    /// Returns the private key of a version; throws `KeystoreError` if it is destroyed or missing.
    public func requirePrivateKey(version: Int) throws -> RSAPrivateKey {
        guard record.hasKey(version) else {
            throw KeystoreError.destroyed(record.name, version: version)
        }
        guard let key = privateKey(version: version) else {
            throw KeystoreError.damaged(
                "the identity \(record.name)",
                "its key of version \(version) is missing"
            )
        }
        return key
    }

    /// Returns the private key that signs at `time`; throws `KeystoreError` if none may.
    public func signingKey(at time: Timestamp) throws -> RSAPrivateKey {
        try requirePrivateKey(version: record.signingVersion(at: time).number)
    }

    /// Returns every key that must be sealed again: all but those that are gone for good at `time`.
    func keptKeys(at time: Timestamp) -> [(number: Int, key: RSAPrivateKey)] {
        keys.filter { !record.isGone($0.key, at: time) }
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
