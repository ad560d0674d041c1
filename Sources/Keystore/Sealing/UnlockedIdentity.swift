public import CryptoCore
public import KeyFormats
public import KeyOperations
internal import Registry
internal import Synchronization

/// One's own identity with its private keys, for as long as somebody holds it.
///
/// The keystore makes it; any thread may use it. A key is asked of its provider when it is needed
/// first; threads that need a key meanwhile wait.
public final class UnlockedIdentity: Sendable {
    /// The identity's public side.
    public let record: IdentityRecord
    let lock: DataKeyLock
    let dataKey: SecretBytes
    private let sealed: [Int: RSAPrivateKey]
    private let providers: KeyProviders
    private let audit: AuditLog
    private let opened = Mutex<[Int: AuditedKey]>([:])

    init(
        record: IdentityRecord,
        lock: DataKeyLock,
        dataKey: consuming SecretBytes,
        sealed: [Int: RSAPrivateKey],
        providers: KeyProviders,
        audit: AuditLog
    ) {
        self.record = record
        self.lock = lock
        self.dataKey = dataKey
        self.sealed = sealed
        self.providers = providers
        self.audit = audit
    }

    // MARK: Keys that act

    /// The key of a version; `nil` where it is gone.
    ///
    /// Its first use is entered in the audit log, before the key acts. Throws `KeystoreError` where
    /// no provider can give it, and the provider's own error.
    public func key(version: Int) throws -> (any IdentityKey)? {
        if let key = try audited(version) { return key }
        let place = record.place(of: version)
        // A key that cannot be reached now is not gone.
        guard !record.hasKey(version) || place == .sealed else {
            throw KeystoreError.notWithProvider(record.name, version: version, place.provider)
        }
        return nil
    }

    /// The key of a version; throws as `key(version:)` does, and `KeystoreError` where it is gone.
    public func requireKey(version: Int) throws -> any IdentityKey { try required(version) }

    /// The key that signs at `time`; throws as `requireKey(version:)` does, and `KeystoreError`
    /// where none may sign.
    public func signingKey(at time: Timestamp) throws -> any IdentityKey {
        try required(record.signingVersion(at: time).number)
    }

    /// The key that signs at `time` in a program that runs while nobody watches.
    ///
    /// Throws as `signingKey(at:)` does, and `KeystoreError` where the key is not for such use.
    public func unattendedSigningKey(at time: Timestamp) throws -> any IdentityKey {
        let version = try record.signingVersion(at: time).number
        let key = try required(version)
        guard key.capabilities.allowsUnattendedUse else {
            let provider = record.place(of: version).provider
            throw KeystoreError.needsPerson(record.name, version: version, provider)
        }
        return key
    }

    // MARK: Numbers of keys

    /// The numbers of a version's key, to be written for another program; that is entered in the
    /// audit log as a use.
    ///
    /// Throws `KeystoreError` where the key is gone, and where it cannot be exported.
    public func exportedKey(version: Int) throws -> RSAPrivateKey {
        let key = try required(version)
        guard let material = key.base.material else {
            let provider = record.place(of: version).provider
            throw KeystoreError.notExportable(record.name, version: version, provider)
        }
        key.use.note()
        return material
    }

    /// Whether the sealed file holds any key.
    public var holdsSealedKeys: Bool { !sealed.isEmpty }

    /// Returns every key that must be sealed again: all but those that are gone for good at `time`.
    func keptKeys(at time: Timestamp) -> [(number: Int, key: RSAPrivateKey)] {
        sealed.filter { !record.isGone($0.key, at: time) }
            .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    // MARK: Opening

    private func required(_ version: Int) throws -> AuditedKey {
        guard record.hasKey(version) else {
            throw KeystoreError.destroyed(record.name, version: version)
        }
        if let key = try audited(version) { return key }
        let place = record.place(of: version)
        guard place == .sealed else {
            throw KeystoreError.notWithProvider(record.name, version: version, place.provider)
        }
        throw KeystoreError.damaged(
            "the identity \(record.name)",
            "its key of version \(version) is missing"
        )
    }

    private func audited(_ version: Int) throws -> AuditedKey? {
        guard record.hasKey(version) else { return nil }
        return try opened.withLock { opened in
            if let key = opened[version] { return key }
            guard let key = try provided(version) else { return nil }
            let (audit, name) = (audit, record.name)
            let use = AuditedUse { audit.append("use", name, version: version) }
            let audited = AuditedKey(base: key, use: use)
            opened[version] = audited
            return audited
        }
    }

    /// The key as its provider gives it, held against the registered one.
    private func provided(_ version: Int) throws -> (any IdentityKey)? {
        guard let der = record.keyDER(of: version) else { return nil }
        let place = record.place(of: version)
        guard let provider = try providers.provider(place.provider) else {
            throw KeystoreError.unknownProvider(record.name, version: version, place.provider)
        }
        let request = KeyRequest(
            name: record.name,
            version: version,
            publicKey: try PublicKey(spkiDER: der, allowingWeak: true),
            reference: place.reference,
            sealedKey: place == .sealed ? sealed[version] : nil
        )
        guard let key = try provider.key(request) else { return nil }
        guard try key.publicKey.spkiDERRepresentation() == der else {
            throw KeystoreError.otherKey(record.name, version: version, place.provider)
        }
        return key
    }
}
