public import KeyFormats

/// Registering keys by hand.
extension RegistryState {
    /// Returns the statements that the owner appends to register `key` as `name`.
    ///
    /// The list is empty if the registry has exactly this. Throws `RegistryError` if the registry
    /// has another key for the name (unless `replacing`), if the key has another name or is
    /// revoked, or if the name reads like another one or is a group's.
    public func statementsToImport(
        _ key: PublicKey,
        as name: KeyName,
        replacing: Bool,
        expires: Timestamp? = nil,
        at time: Timestamp
    ) throws(RegistryError) -> [Statement] {
        guard members(ofGroup: name) == nil, name.description != RegistryState.room else {
            throw RegistryError.groupName(name)
        }
        if identity(name)?.isRemoved != false, let other = lookAlike(of: name) {
            throw RegistryError.lookAlike(name, other)
        }
        if let other = identity(keyDER: key.spkiDER), other.name != name, !other.isRemoved {
            throw RegistryError.keyInUse(other.name, fingerprint: key.fingerprint)
        }
        if isRevoked(keyDER: key.spkiDER), identity(keyDER: key.spkiDER)?.name != name {
            throw RegistryError.keyRevoked(key.fingerprint)
        }
        guard let known = identity(name) else {
            return [
                Statement(.register(name: name, key: key.spkiDER, expires: expires), time: time)
            ]
        }
        let latest = known.latest
        if latest.keyDER == key.spkiDER, known.fork == nil, !latest.isRevoked {
            guard known.isRemoved else { return [] }
            return [Statement(.register(name: name, key: key.spkiDER, expires: nil), time: time)]
        }
        guard replacing, latest.keyDER != key.spkiDER || known.fork != nil else {
            if latest.isRevoked { throw RegistryError.revoked(name, version: latest.number) }
            if let error = frozenError(known) { throw error }
            throw RegistryError.differentKey(
                name,
                known: latest.fingerprint ?? key.fingerprint,
                offered: key.fingerprint
            )
        }
        guard !isRevoked(keyDER: key.spkiDER) else {
            throw RegistryError.keyRevoked(key.fingerprint)
        }
        return [Statement(.replace(name: name, key: key.spkiDER, expires: expires), time: time)]
    }
}
