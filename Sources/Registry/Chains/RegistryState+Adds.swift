internal import CryptoCore
internal import KeyFormats

/// What a statement of a chain adds to an identity that the registry knows: a rule a function.
///
/// Each returns `false` for a statement that the registry has, and throws `RegistryError` with the
/// reason for one that it refuses. `ChainWalk` has checked the chain by itself before.
extension RegistryState {
    func adds(
        _ statement: Statement,
        to known: RegisteredIdentity,
        isAlone: Bool
    ) throws(RegistryError) -> Bool {
        switch statement.act {
        case .rotate(let rotation) where rotation.id == known.id:
            return try adds(rotation, to: known)
        case .rotate(let rotation): return try begins(rotation, before: known)
        case .amend(let amendment) where amendment.id == known.id:
            return try adds(amendment, statement, to: known)
        case .amend:
            try requireOpenBeginning(known)
            return true
        case .revoke:
            guard revokesKnownKey(statement) else {
                throw RegistryError.brokenChain("it revokes a key that is not known here")
            }
            return try learns(statement)
        case .sign(let record): return try adds(record, statement, to: known, isAlone: isAlone)
        case .register, .replace, .remove, .assign, .disown, .verify, .unverify, .join, .leave:
            throw RegistryError.ownersStatement
        }
    }

    /// A rotation under the known id: it is known, continues the chain, or forks it.
    private func adds(
        _ rotation: Rotation,
        to known: RegisteredIdentity
    ) throws(RegistryError) -> Bool {
        let from = known.version(rotation.from)
        guard from == nil || from?.keyDER == rotation.oldKey else {
            throw RegistryError.brokenChain(
                "version \(rotation.from) of \"\(known.name)\" has another key in this registry"
            )
        }
        try requireNotFrozen(known)
        if let from, known.fork(by: rotation) != nil { return try freezes(known, from) }
        guard known.version(rotation.to) == nil else { return false }
        let latest = known.latest
        switch ChainRules(known).breach(by: rotation) {
        case nil: break
        case .ended?: throw ended(known)
        case .otherBeginning?, .otherIdentity?, .otherVersion?:
            throw RegistryError.brokenChain(
                "it continues from version \(rotation.from), "
                    + "but version \(latest.number) is the last one known here"
            )
        case .otherPrevious?: throw RegistryError.missingStatement
        }
        if let obstacle = obstacle(toNewKey: rotation.newKey) {
            throw RegistryError.brokenChain(obstacle)
        }
        return true
    }

    /// A rotation under another id: it forks the known chain, or begins before it.
    private func begins(
        _ rotation: Rotation,
        before known: RegisteredIdentity
    ) throws(RegistryError) -> Bool {
        if let (from, _) = known.fork(by: rotation) {
            try requireNotFrozen(known)
            return try freezes(known, from)
        }
        // `apply` checks each link.
        try requireOpenBeginning(known)
        let others = [rotation.oldKey, rotation.newKey]
            .compactMap { Fingerprint(ofSPKI: $0) }.flatMap { holders(of: $0) }
            .map(\.identity.name).filter { $0 != known.name }
        if let other = others.first {
            throw RegistryError.brokenChain("one of its steps uses a key of \"\(other)\"")
        }
        return true
    }

    /// A renewal or a retirement under the known id.
    private func adds(
        _ amendment: Amendment,
        _ statement: Statement,
        to known: RegisteredIdentity
    ) throws(RegistryError) -> Bool {
        guard !known.chain.contains(statement.leafHash) else { return false }
        try requireNotFrozen(known)
        switch ChainRules(known).breach(by: amendment) {
        case nil: break
        case .ended?: throw ended(known)
        case .otherBeginning?, .otherIdentity?, .otherVersion?, .otherPrevious?:
            throw RegistryError.missingStatement
        }
        guard isSigned(statement) else { throw RegistryError.unsignedChange }
        return true
    }

    /// A logged signature.
    private func adds(
        _ record: LoggedSignature,
        _ statement: Statement,
        to known: RegisteredIdentity,
        isAlone: Bool
    ) throws(RegistryError) -> Bool {
        guard let version = known.version(record.version), isSigned(statement) else {
            throw RegistryError.brokenChain("a logged signature is not signed by its key")
        }
        guard !isLogged(record.digest, by: version.keyDER) else { return false }
        guard version.isRevoked else { return true }
        // In a longer chain, other registries learned of it in time. Alone it proves nothing.
        guard isAlone else { return false }
        throw RegistryError.revoked(known.name, version: version.number)
    }

    /// A second successor of `version` freezes the name.
    ///
    /// A person who stole a revoked version must not freeze its successors.
    private func freezes(
        _ known: RegisteredIdentity,
        _ version: RegisteredVersion
    ) throws(RegistryError) -> Bool {
        guard !version.isRevoked else {
            throw RegistryError.revoked(known.name, version: version.number)
        }
        return true
    }

    private func requireNotFrozen(_ known: RegisteredIdentity) throws(RegistryError) {
        if let error = frozenError(known) { throw error }
    }

    private func requireOpenBeginning(_ known: RegisteredIdentity) throws(RegistryError) {
        guard known.mayBeginEarlier else {
            throw RegistryError.brokenChain("another chain is known for \"\(known.name)\"")
        }
    }

    private func ended(_ known: RegisteredIdentity) -> RegistryError {
        let latest = known.latest
        return latest.isRevoked
            ? RegistryError.revoked(known.name, version: latest.number)
            : RegistryError.afterEnd(latest.number)
    }
}
