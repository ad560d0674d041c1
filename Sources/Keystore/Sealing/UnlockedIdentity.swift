public import CryptoCore
public import KeyFormats
public import KeyOperations
internal import Registry
internal import Synchronization

/// One of the user's own identities, with its private keys, while a caller holds it.
///
/// The keystore creates it, and any thread may use it. A provider is asked for a key at its first
/// use; other threads that need the same key wait meanwhile.
public final class UnlockedIdentity: Sendable {
    /// The identity's public side.
    public let record: IdentityRecord
    /// What opened the sealed file; `nil` where another program holds the keys.
    private let seal: OpenSeal?
    private let sealed: [Int: RSAPrivateKey]
    /// The program that holds the keys; `nil` where they are in this process.
    let holder: (any KeyHolder)?
    private let held: [Int: any IdentityKey]
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
        seal = OpenSeal(lock: lock, dataKey: dataKey)
        self.sealed = sealed
        holder = nil
        held = [:]
        self.providers = providers
        self.audit = audit
    }

    /// An identity whose sealed keys another program holds.
    init(
        record: IdentityRecord,
        held: [Int: any IdentityKey],
        by holder: any KeyHolder,
        providers: KeyProviders,
        audit: AuditLog
    ) {
        self.record = record
        seal = nil
        sealed = [:]
        self.holder = holder
        self.held = held
        self.providers = providers
        self.audit = audit
    }

    // MARK: Using keys

    /// Returns the key of a version; `nil` if the key was destroyed.
    ///
    /// Its first use is written to the audit log before the key acts. Throws `KeystoreError` if no
    /// provider has the key, and the provider's own error.
    public func key(version: Int) throws -> (any IdentityKey)? {
        if let key = try audited(version) { return key }
        let place = record.place(of: version)
        // A key that cannot be reached now is not gone.
        guard !record.hasKey(version) || place == .sealed else {
            throw KeystoreError.notWithProvider(record.name, version: version, place.provider)
        }
        return nil
    }

    /// Returns the key of a version; throws like `key(version:)`, and `KeystoreError` if the key
    /// was destroyed.
    public func requireKey(version: Int) throws -> any IdentityKey { try required(version) }

    /// Returns the key that signs at `time`; throws like `requireKey(version:)`, and
    /// `KeystoreError` if no version may sign.
    public func signingKey(at time: Timestamp) throws -> any IdentityKey {
        try required(record.signingVersion(at: time).number)
    }

    /// Returns the key that signs at `time` in a program without a user.
    ///
    /// Throws like `signingKey(at:)`, and `KeystoreError` if the key may not be used without a
    /// user.
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

    /// Returns the numbers of a version's key for another program; writes this use to the audit
    /// log.
    ///
    /// Throws `KeystoreError` if the key was destroyed or cannot be exported.
    public func exportedKey(version: Int) throws -> RSAPrivateKey {
        let key = try required(version)
        guard let material = key.base.material else {
            let provider = record.place(of: version).provider
            throw KeystoreError.notExportable(record.name, version: version, provider)
        }
        key.use.note()
        return material
    }

    /// Whether another program holds the keys, so that an act that needs their numbers is refused.
    public var isHeldElsewhere: Bool { seal == nil }

    /// What opened the sealed file; throws `KeystoreError` where another program holds the keys.
    func openSeal() throws(KeystoreError) -> OpenSeal {
        guard let seal else { throw KeystoreError.heldElsewhere(record.name) }
        return seal
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
            let event = held[version] == nil ? "use" : "agent-use"
            let use = AuditedUse { audit.append(event, name, version: version) }
            let audited = AuditedKey(base: key, use: use)
            opened[version] = audited
            return audited
        }
    }

    /// Returns the provider's key, after it was compared with the registered key.
    private func provided(_ version: Int) throws -> (any IdentityKey)? {
        guard let der = record.keyDER(of: version) else { return nil }
        if let key = held[version] { return key }
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
