internal import CryptoCore
public import KeyFormats

extension RegistryState {
    /// The largest number of rotations and amendments in one chain.
    ///
    /// The owner cannot add another one.
    public static let largestChainCount = 1_000
    /// The largest size of these as lines, in bytes, so that a file with them and with revocations
    /// can be read.
    public static let largestChainByteCount = 3 << 20
    /// The largest number of statements that are read as one chain, including revocations and
    /// logged signatures.
    ///
    /// A full chain with a revocation of every version fits.
    static let largestStatementCount = 2 * largestChainCount + 1

    /// Checks that an identity's own chain has room for one more rotation or amendment.
    ///
    /// Throws `RegistryError` if it has not: other registries would refuse the whole chain.
    /// Revocations stand beside the chain and always have room.
    package static func requireRoom(
        for statement: Statement,
        after chain: [Statement],
        of name: KeyName
    ) throws(RegistryError) {
        guard !statement.isAboutOneVersion else { return }
        let steps = chain.filter { !$0.isAboutOneVersion } + [statement]
        let byteCount = steps.reduce(0) { $0 + $1.line.count + 1 }
        guard steps.count <= largestChainCount, byteCount <= largestChainByteCount else {
            throw RegistryError.fullChain(name, count: steps.count - 1)
        }
    }

    /// How far the clock of another machine may be ahead, in seconds.
    public static let toleratedSeconds = 300

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
            if let fork = known.fork { throw frozen(name, fork) }
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

    /// Returns the statements of a chain that are new to this registry.
    ///
    /// A chain is followed only from the version that is active here. A fork is returned as the
    /// statement that freezes the name. Throws `RegistryError` if a signature is wrong, if a step
    /// is missing, or if the chain continues from a revoked version.
    public func statementsToFollow(
        _ chain: [Statement],
        at now: Timestamp = .now
    ) throws(RegistryError) -> [Statement] {
        let stepCount = chain.count { !$0.isAboutOneVersion }
        guard stepCount <= RegistryState.largestChainCount,
            chain.count <= RegistryState.largestStatementCount
        else { throw RegistryError.brokenChain("the chain is too long") }
        var state = self
        var known = identity(inChain: chain)
        guard known != nil || chain.contains(where: { revokesKnownKey($0) }) else {
            throw RegistryError.unknownChain
        }
        var added: [Statement] = []
        // Statements about versions that a later step of the chain may introduce.
        var waiting: [Statement] = []
        var isAboutKnown = false
        var isFork = false
        var walk = ChainWalk(chain)
        for (index, statement) in chain.enumerated() {
            guard statement.time <= now.adding(seconds: RegistryState.toleratedSeconds) else {
                throw RegistryError.fromTheFuture(statement.time, number: index + 1)
            }
            try walk.take(statement)
            // A key may revoke itself wherever it stands.
            if state.revokesKnownKey(statement) {
                isAboutKnown = true
                guard try state.revokes(statement) else { continue }
                try state.apply(statement)
                added.append(statement)
                continue
            }
            if let id = walk.id, let current = state.identity(id: id) { known = current }
            // Statements after a fork do not count before a person has decided about it.
            guard let identity = known, !isFork else { continue }
            if identity.id != statement.identityID, statement.isAboutOneVersion {
                waiting.append(statement)
                continue
            }
            guard try state.adds(statement, to: identity, isAlone: chain.count == 1) else {
                continue
            }
            try state.apply(statement)
            added.append(statement)
            isFork = identity.fork == nil && state.identity(identity.name)?.fork != nil
        }
        for statement in waiting where !isFork {
            guard let id = statement.identityID, let identity = state.identity(id: id),
                try state.adds(statement, to: identity, isAlone: false)
            else { continue }
            try state.apply(statement)
            added.append(statement)
        }
        // A chain that begins before the known version counts only if it leads to that version.
        let isWordAlone = isAboutKnown && added.allSatisfy { $0.isAboutOneVersion }
        guard isWordAlone || isFork || walk.id.flatMap({ state.identity(id: $0) }) != nil else {
            throw RegistryError.brokenChain("it does not lead to the key that is known here")
        }
        return added
    }

    /// The new statements of a chain, and why the rest of it does not count.
    package struct Following: Sendable {
        /// The statements to append.
        package let statements: [Statement]
        /// Why the rest is refused; `nil` if nothing is.
        package let refusal: RegistryError?

        /// Makes the result; `refusal` is `nil` if nothing was refused.
        package init(_ statements: [Statement], refusal: RegistryError? = nil) {
            self.statements = statements
            self.refusal = refusal
        }
    }

    /// Does what `statementsToFollow` does; if that throws, returns the revocations by known keys,
    /// and the error.
    package func following(_ chain: [Statement], at now: Timestamp = .now) -> Following {
        do throws(RegistryError) {
            return Following(try statementsToFollow(chain, at: now))
        } catch {
            return Following(newRevocations(in: chain, at: now), refusal: error)
        }
    }

    /// Returns those revocations among the statements that revoke more than is known, each signed
    /// by its key.
    package func newRevocations(
        in statements: [Statement],
        at now: Timestamp = .now
    ) -> [Statement] {
        var state = self
        return statements.filter { statement in
            statement.time <= now.adding(seconds: RegistryState.toleratedSeconds)
                && state.revokesKnownKey(statement) && (try? state.revokes(statement)) == true
                && (try? state.apply(statement)) != nil
        }
    }

    /// Returns the identity with this name; throws `RegistryError` if it is unknown or removed.
    public func known(_ name: KeyName) throws(RegistryError) -> RegisteredIdentity {
        guard let identity = identity(name), !identity.isRemoved else {
            throw RegistryError.unknownName(name)
        }
        return identity
    }

    /// Returns the error of a frozen name; `nil` if the identity has no fork.
    package func frozenError(_ identity: RegisteredIdentity) -> RegistryError? {
        identity.fork.map { frozen(identity.name, $0) }
    }

    /// Returns the identity that a chain is about: by its id, else by any key of its rotations.
    public func identity(inChain chain: [Statement]) -> RegisteredIdentity? {
        for statement in chain {
            if let known = statement.identityID.flatMap({ identity(id: $0) }) { return known }
            guard case .rotate(let rotation) = statement.act else { continue }
            if let known = identity(keyDER: rotation.newKey) { return known }
            if let known = identity(keyDER: rotation.oldKey) { return known }
        }
        return nil
    }

    private func adds(
        _ statement: Statement,
        to known: RegisteredIdentity,
        isAlone: Bool
    ) throws(RegistryError) -> Bool {
        switch statement.act {
        case .rotate(let rotation):
            guard known.id == rotation.id else {
                if let version = known.fork(by: rotation)?.from {
                    if let fork = known.fork { throw frozen(known.name, fork) }
                    guard !version.isRevoked else {
                        throw RegistryError.revoked(known.name, version: version.number)
                    }
                    return true
                }
                // The chain begins before the known version; `apply` checks each link.
                guard known.mayBeginEarlier else {
                    throw RegistryError.brokenChain("another chain is known for \"\(known.name)\"")
                }
                let others = [rotation.oldKey, rotation.newKey]
                    .compactMap { Fingerprint(ofSPKI: $0) }.flatMap { holders(of: $0) }
                    .map(\.identity.name).filter { $0 != known.name }
                if let other = others.first {
                    throw RegistryError.brokenChain("one of its steps uses a key of \"\(other)\"")
                }
                return true
            }
            guard known.version(rotation.from).map({ $0.keyDER == rotation.oldKey }) ?? true else {
                throw RegistryError.brokenChain(
                    "version \(rotation.from) of \"\(known.name)\" has another key in this registry"
                )
            }
            if let fork = known.fork { throw frozen(known.name, fork) }
            if let version = known.version(rotation.to) {
                guard version.keyDER != rotation.newKey else { return false }
                // A person who stole a revoked version must not freeze its successors.
                if let from = known.version(rotation.from), from.isRevoked {
                    throw RegistryError.revoked(known.name, version: from.number)
                }
                return true  // a fork is appended, and freezes the name
            }
            let latest = known.latest
            guard !latest.isRevoked else {
                throw RegistryError.revoked(known.name, version: latest.number)
            }
            guard latest.state == .active else {
                throw RegistryError.brokenChain(
                    "version \(latest.number) was retired and can have no successor"
                )
            }
            guard latest.number == rotation.from, latest.keyDER == rotation.oldKey else {
                throw RegistryError.brokenChain(
                    "it continues from version \(rotation.from), "
                        + "but version \(latest.number) is the last one known here"
                )
            }
            guard rotation.previous == known.chainHead else {
                throw RegistryError.brokenChain("a statement before it is missing")
            }
            if let other = identity(keyDER: rotation.newKey) {
                throw RegistryError.brokenChain("it leads to a key of \"\(other.name)\"")
            }
            return true
        case .amend(let amendment):
            guard known.id == amendment.id else {
                guard known.mayBeginEarlier else {
                    throw RegistryError.brokenChain("another chain is known for \"\(known.name)\"")
                }
                return true
            }
            if known.chain.contains(statement.leafHash) { return false }
            if let fork = known.fork { throw frozen(known.name, fork) }
            let latest = known.latest
            guard !latest.isRevoked else {
                throw RegistryError.revoked(known.name, version: latest.number)
            }
            guard latest.number == amendment.version, latest.state == .active,
                amendment.previous == known.chainHead
            else { throw RegistryError.brokenChain("a statement before it is missing") }
            guard let key = try? latest.storedKey(),
                amendment.isSigned(by: key, at: statement.time)
            else { throw RegistryError.brokenChain("a change is not signed by its version") }
            return true
        case .revoke:
            guard revokesKnownKey(statement) else {
                throw RegistryError.brokenChain("it revokes a key that is not known here")
            }
            return try revokes(statement)
        case .sign(let record):
            guard let version = known.version(record.version),
                let key = try? version.storedKey(), record.isSigned(by: key, at: statement.time)
            else { throw RegistryError.brokenChain("a logged signature is not signed by its key") }
            if isLogged(record.digest, by: version.keyDER) { return false }
            guard !version.isRevoked else {
                // In a longer chain, other registries learned of it in time. Alone it proves
                // nothing.
                guard isAlone else { return false }
                throw RegistryError.revoked(known.name, version: version.number)
            }
            return true
        case .register, .replace, .remove, .assign, .disown, .verify, .unverify, .join, .leave:
            throw RegistryError.brokenChain("it holds a statement of a registry's owner")
        }
    }

    private func revokesKnownKey(_ statement: Statement) -> Bool {
        guard case .revoke(let revocation) = statement.act else { return false }
        return !holders(of: revocation.fingerprint).isEmpty
    }

    /// Returns whether a revocation revokes more than is known; throws if the key did not sign it.
    private func revokes(_ statement: Statement) throws(RegistryError) -> Bool {
        guard case .revoke(let revocation) = statement.act else { return false }
        let isNew = holders(of: revocation.fingerprint).contains { holder in
            holder.version.isLessRevoked(than: revocation.since)
        }
        guard !isNew || isSigned(statement) else {
            throw RegistryError.brokenChain("a revocation is not signed by its key")
        }
        return isNew
    }

    private func frozen(
        _ name: KeyName,
        _ fork: (Fingerprint?, Fingerprint?)
    ) -> RegistryError {
        RegistryError.fork(name, fork.0?.description ?? "?", fork.1?.description ?? "?")
    }
}
