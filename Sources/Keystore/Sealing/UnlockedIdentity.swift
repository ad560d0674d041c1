public import CryptoCore
public import KeyFormats
internal import Registry
internal import Synchronization

/// One's own identity with its private keys, for as long as somebody holds it.
public final class UnlockedIdentity: Sendable {
    /// The public side.
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

    /// The private key of a version, where it is still there; its use is entered in the audit log
    /// before it is handed out, once a process.
    public func privateKey(version: Int) -> RSAPrivateKey? {
        guard record.hasKey(version), let key = keys[version] else { return nil }
        // Marked when its entry is written; meanwhile, others wait. Where that fails, the next use
        // tries again.
        used.withLock { used in
            guard !used.contains(version) else { return }
            guard audit.append("use", record.name, version: version) else { return }
            used.insert(version)
        }
        return key
    }

    /// The private key of a version; throws `KeystoreError` where it is gone.
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

    /// The private key that signs now.
    public func signingKey(at time: Timestamp) throws -> RSAPrivateKey {
        try requirePrivateKey(version: record.signingVersion(at: time).number)
    }

    /// Every key that is to be sealed again: not those whose time to be destroyed has come.
    func keptKeys(at time: Timestamp) -> [(number: Int, key: RSAPrivateKey)] {
        keys.filter { !record.isGone($0.key, at: time) }
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
