public import CryptoCore
public import KeyFormats
internal import Registry

/// One's own identity with its private keys, for as long as somebody holds it.
public final class UnlockedIdentity: Sendable {
    /// The public side.
    public let record: IdentityRecord
    let lock: DataKeyLock
    let dataKey: SecretBytes
    private let keys: [Int: RSAPrivateKey]

    init(
        record: IdentityRecord,
        lock: DataKeyLock,
        dataKey: consuming SecretBytes,
        keys: [Int: RSAPrivateKey]
    ) {
        self.record = record
        self.lock = lock
        self.dataKey = dataKey
        self.keys = keys
    }

    /// The private key of a version, where it is still there.
    public func privateKey(version: Int) -> RSAPrivateKey? { keys[version] }

    /// The private key of a version; throws `KeystoreError` where it is gone.
    public func requirePrivateKey(version: Int) throws(KeystoreError) -> RSAPrivateKey {
        guard let key = keys[version] else {
            throw KeystoreError.damaged(
                "the identity \(record.name)",
                "version \(version) is missing"
            )
        }
        return key
    }

    /// The private key that signs now.
    public func signingKey(at time: Timestamp) throws(KeystoreError) -> RSAPrivateKey {
        try requirePrivateKey(version: record.signingVersion(at: time).number)
    }

    var allKeys: [(number: Int, key: RSAPrivateKey)] {
        keys.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
