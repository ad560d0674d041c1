internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import Registry

/// Identities whose keys another program holds.
extension Keystore {
    /// Opens an identity with the keys that `holder` holds.
    ///
    /// `nil` unless it holds every key that the sealed file holds and that can be used. With
    /// `unattended`, the key that signs must be one that programs may use while nobody watches.
    public func open(
        _ record: IdentityRecord,
        from holder: any KeyHolder,
        unattended: Bool = false
    ) throws -> UnlockedIdentity? {
        var keys: [[UInt8]: any IdentityKey] = [:]
        for key in holder.keys() { keys[try key.publicKey.spkiDERRepresentation()] = key }
        guard !keys.isEmpty else { return nil }
        var held: [Int: any IdentityKey] = [:]
        for (number, _) in try readSealed(record).versions
        where record.hasKey(number) && record.pending?.number != number {
            guard let der = record.keyDER(of: number), let key = keys[der] else { return nil }
            held[number] = key
        }
        guard !held.isEmpty else { return nil }
        if unattended, let key = held[record.identity.latest.number] {
            guard key.capabilities.allowsUnattendedUse else { return nil }
        }
        return UnlockedIdentity(
            record: record,
            held: held,
            by: holder,
            providers: providers,
            audit: audit
        )
    }
}
