internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import Registry

/// Sealed files: what is sealed, and when it is sealed anew.
extension Keystore {
    /// The numbers of a version's key that is to be sealed; none where another provider keeps them.
    func sealable(
        _ key: any IdentityKey,
        as version: Int,
        of name: KeyName,
        at place: KeyPlace
    ) throws(KeystoreError) -> [(number: Int, key: RSAPrivateKey)] {
        guard place == .sealed else { return [] }
        guard let material = key.material else { throw KeystoreError.notSealable(name) }
        return [(version, material)]
    }

    /// The same for a further version: its sealed file may have no passphrase where no key is in it
    /// yet, so none is added then.
    func sealable(
        _ key: any IdentityKey,
        as version: Int,
        of unlocked: UnlockedIdentity,
        at place: KeyPlace
    ) throws(KeystoreError) -> [(number: Int, key: RSAPrivateKey)] {
        let name = unlocked.record.name
        guard place != .sealed || unlocked.holdsSealedKeys else {
            throw KeystoreError.nothingSealed(name)
        }
        return try sealable(key, as: version, of: name, at: place)
    }

    /// Throws `KeystoreError` if the sealed file holds no key, so that no passphrase protects one.
    public func requireSealedKeys(_ unlocked: UnlockedIdentity) throws(KeystoreError) {
        guard unlocked.holdsSealedKeys else {
            throw KeystoreError.nothingSealed(unlocked.record.name)
        }
    }

    /// Seals an unlocked identity anew: another passphrase, another data key.
    public mutating func reseal(
        _ unlocked: UnlockedIdentity,
        protection: Protection
    ) throws -> IdentityRecord {
        try requireWritable(protection)
        let record = unlocked.record
        try requireSealedKeys(unlocked)
        return try change("passwd", record.name) { keystore in
            try keystore.requireUnchanged(record)
            let id = record.identity.id
            let dataKey = try SecretBytes.random(count: DataKeyLock.dataKeyByteCount)
            let moved = try record.movedToNextSealed()
            let sealed = try SealedFile(
                id: id,
                keys: unlocked.keptKeys(at: .now),
                lock: DataKeyLock(dataKey, id: id, protection: protection),
                dataKey: dataKey
            )
            try keystore.commit(moved, sealed)
            return moved
        }
    }

    /// Writes the next sealed file of a record that changed, under the same data key.
    mutating func reseal(
        _ record: IdentityRecord,
        _ unlocked: UnlockedIdentity,
        adding added: [(number: Int, key: RSAPrivateKey)] = [],
        dropping number: Int? = nil,
        lock: DataKeyLock? = nil
    ) throws -> IdentityRecord {
        let moved = try record.movedToNextSealed()
        let kept = unlocked.keptKeys(at: .now).filter { $0.number != number }
        let sealed = try SealedFile(
            id: record.identity.id,
            keys: kept + added,
            lock: lock ?? unlocked.lock,
            dataKey: unlocked.dataKey
        )
        try commit(moved, sealed)
        return moved
    }
}
