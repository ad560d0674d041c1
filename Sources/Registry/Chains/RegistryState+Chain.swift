internal import CryptoCore
internal import KeyFormats

/// The effect of an identity's own statements on the state.
extension RegistryState {
    mutating func amend(
        _ amendment: Amendment,
        _ statement: Statement
    ) throws(RegistryError) {
        guard let position = table.position(.id, amendment.id) else {
            return try keepEarlier(statement, id: amendment.id)
        }
        var identity = table[position]
        let last = identity.versions.count - 1
        guard ChainRules(identity).breach(by: amendment) == nil else {
            throw RegistryError.invalidStatement("it does not continue its chain")
        }
        switch amendment.change {
        case .renew(let expires): identity.versions[last].expires = expires
        case .retire: identity.versions[last].state = .retired
        }
        identity.chain.append(statement.leafHash)
        table[position] = identity
    }

    mutating func rotate(
        _ rotation: Rotation,
        _ statement: Statement
    ) throws(RegistryError) {
        guard let position = table.position(.id, rotation.id) else {
            // Two successors of a key are a fork, whatever id and beginning each chain claims.
            if let position = table.position(.key, RegistryState.lookup(rotation.oldKey)),
                let (_, next) = table[position].fork(by: rotation)
            {
                return freeze(position, next, rotation)
            }
            return try adoptEarlier(rotation, statement)
        }
        var identity = table[position]
        guard identity.version(rotation.from)?.keyDER == rotation.oldKey else {
            throw RegistryError.invalidStatement("the rotation is not by this identity's key")
        }
        if let (_, next) = identity.fork(by: rotation) { return freeze(position, next, rotation) }
        guard identity.version(rotation.to) == nil else { return }
        guard ChainRules(identity).breach(by: rotation) == nil else {
            throw RegistryError.invalidStatement("the rotation does not continue its chain")
        }
        guard obstacle(toNewKey: rotation.newKey) == nil else {
            throw RegistryError.invalidStatement("the new key is known already")
        }
        identity.versions[identity.versions.count - 1].state = .retired
        identity.versions.append(
            RegisteredVersion(
                number: rotation.to,
                keyDER: rotation.newKey,
                since: statement.time,
                expires: rotation.expires,
                state: .active
            )
        )
        identity.chain.append(statement.leafHash)
        table[position] = identity
        table.set(.key, RegistryState.lookup(rotation.newKey), position)
    }

    /// Returns why no rotation may lead to a key; `nil` if one may.
    func obstacle(toNewKey key: [UInt8]) -> String? {
        if let other = identity(keyDER: key) { return "it leads to a key of \"\(other.name)\"" }
        return isRevoked(keyDER: key) ? "it leads to a key that was revoked" : nil
    }

    /// Freezes a name whose key has two different successors.
    private mutating func freeze(
        _ position: Int,
        _ known: RegisteredVersion,
        _ rotation: Rotation
    ) {
        if table[position].fork == nil { table[position].forkedVersion = known.number }
        table[position].fork = (
            known.fingerprint, try? PublicKey(spkiDER: rotation.newKey).fingerprint
        )
    }

    /// Keeps a statement of a chain that begins before the known version.
    private mutating func keepEarlier(
        _ statement: Statement,
        id: SHA256Digest
    ) throws(RegistryError) {
        var link = earlier[id] ?? ChainLink(id: id)
        try link.follow(statement)
        earlier[id] = link
    }

    /// Takes a chain that begins before the known version.
    ///
    /// When the chain leads to that version, the identity gets its true id and version numbers.
    private mutating func adoptEarlier(
        _ rotation: Rotation,
        _ statement: Statement
    ) throws(RegistryError) {
        try keepEarlier(statement, id: rotation.id)
        let key = RegistryState.lookup(rotation.newKey)
        guard let position = table.position(.key, key), table[position].mayBeginEarlier,
            let chain = earlier.removeValue(forKey: rotation.id)
        else { return }
        var identity = table[position]
        var past = chain.versions
        // A stolen old key of another identity must not become the beginning of the thief's chain.
        let isFree = past.allSatisfy { version in
            [.key, .former].allSatisfy {
                [nil, position].contains(table.position($0, version.lookup))
            }
        }
        guard isFree, var latest = past.popLast() else { return }
        for index in past.indices {
            let old = past[index].lookup
            // A key that was revoked here before its chain was known stays revoked.
            past[index].state = revokedKeys[old] ?? .retired
            table.set(.key, old, position)
        }
        latest.state = revokedKeys[key] ?? .active
        table.set(.id, identity.id, nil)
        table.set(.id, rotation.id, position)
        identity.id = rotation.id
        identity.versions = past + [latest]
        identity.chain = chain.statements.map(\.leafHash)
        table[position] = identity
    }

    /// Applies a key's own revocation, in every place where the key stands.
    mutating func revoke(
        _ revocation: Revocation,
        _ statement: Statement
    ) throws(RegistryError) {
        let key = revocation.fingerprint.digest
        let (current, former) = (place(.key, key), place(.former, key))
        guard current != nil || former != nil else {
            throw RegistryError.invalidStatement("it revokes a key that the registry does not hold")
        }
        let state = RegisteredVersion.State.revoked(
            since: revocation.since,
            said: statement.time,
            reason: revocation.reason
        )
        if let (position, index) = former {
            table[position].former[index] = revoked(table[position].former[index], state)
        }
        guard let (position, index) = current else { return }
        let version = table[position].versions[index]
        table[position].versions[index] = revoked(version, state)
        // The revocation of an older version is no part of the chain. Otherwise a person who stole
        // an old key could cut the chain off.
        if table[position].id == revocation.id, version.number == revocation.version,
            version.number == table[position].latest.number
        {
            table[position].chain.append(statement.leafHash)
        }
    }

    mutating func revoke(
        _ position: Int,
        _ number: Int,
        _ state: RegisteredVersion.State
    ) throws(RegistryError) {
        guard let index = table[position].versions.firstIndex(where: { $0.number == number })
        else { throw RegistryError.invalidStatement("there is no version \(number)") }
        table[position].versions[index] = revoked(table[position].versions[index], state)
    }

    /// Returns the version with the revocation, and records that its key can never come back.
    private mutating func revoked(
        _ version: RegisteredVersion,
        _ state: RegisteredVersion.State
    ) -> RegisteredVersion {
        guard case .revoked(let since, let said, let reason) = state,
            version.isLessRevoked(than: since)
        else { return version }
        var version = version
        // A revocation never begins in the future.
        version.state = .revoked(since: since.map { min($0, said) }, said: said, reason: reason)
        revokedKeys[version.lookup] = version.state
        return version
    }
}
