public import CryptoCore
public import KeyFormats

/// What replaying a registry's log gives: names, keys and their states.
///
/// A value without I/O.
public struct RegistryState: Sendable {
    private var identities: [RegisteredIdentity] = []
    private var indexByName: [KeyName: Int] = [:]
    private var indexByID: [SHA256Digest: Int] = [:]
    private var indexByKey: [SHA256Digest: Int] = [:]
    // Rotations from before the version that is known, until the one that leads to it arrives.
    private var earlier: [SHA256Digest: [(Rotation, Statement)]] = [:]

    // Signatures that were logged while their key was trusted.
    private var loggedSignatures: Set<SHA256Digest> = []

    // A revoked key never comes back, under whatever name.
    private var revokedKeys: [SHA256Digest: RegisteredVersion.State] = [:]

    /// An empty registry.
    public init() {}

    /// Every name, removed ones too, in the order of registration.
    public var all: [RegisteredIdentity] { identities }

    /// The identities that take part: neither removed nor a server's.
    public var members: [RegisteredIdentity] {
        identities.filter { !$0.isRemoved && $0.role != .server }
    }

    /// The identity with this name.
    public func identity(_ name: KeyName) -> RegisteredIdentity? {
        indexByName[name].map { identities[$0] }
    }

    /// The identity with this id.
    public func identity(id: SHA256Digest) -> RegisteredIdentity? {
        indexByID[id].map { identities[$0] }
    }

    /// The identity that any of whose versions has this key.
    public func identity(keyDER: [UInt8]) -> RegisteredIdentity? {
        indexByKey[SHA256Digest(hashing: keyDER)].map { identities[$0] }
    }

    /// The identity that a statement is about.
    public func subject(of statement: Statement) -> RegisteredIdentity? {
        switch statement.act {
        case .register(let name, _, _), .replace(let name, _), .remove(let name),
            .assign(let name, _), .disown(let name, _, _):
            identity(name)
        case .rotate(let rotation): identity(id: rotation.id)
        case .revoke(let revocation): identity(id: revocation.id)
        case .sign(let record): identity(id: record.id)
        }
    }

    /// Replays one statement; throws `RegistryError` and changes nothing where it does not fit.
    ///
    /// Signatures are checked before a statement is appended, not again when it is replayed.
    public mutating func apply(_ statement: Statement) throws(RegistryError) {
        switch statement.act {
        case .register(let name, let key, let expires):
            try register(name, key, expires: expires, at: statement.time)
        case .replace(let name, let key): try replace(name, key, at: statement.time)
        case .remove(let name):
            let index = try index(of: name)
            identities[index].isRemoved = true
        case .assign(let name, let role):
            let index = try index(of: name)
            identities[index].role = role
        case .rotate(let rotation): try rotate(rotation, statement)
        case .revoke(let revocation):
            guard let index = indexByID[revocation.id] else {
                throw RegistryError.invalidStatement("it revokes an identity that is not known")
            }
            try revoke(index, revocation.version, statement.time, revocation.reason)
            // The word of a version that was left already does not touch the chain: whoever stole
            // an old key could cut it off otherwise.
            if revocation.version == identities[index].latest.number {
                identities[index].chainHead = statement.leafHash
            }
        case .disown(let name, let version, let reason):
            try revoke(index(of: name), version, statement.time, reason)
        case .sign(let record): try log(record)
        }
    }

    private mutating func log(_ record: LoggedSignature) throws(RegistryError) {
        guard let index = indexByID[record.id],
            let version = identities[index].version(record.version)
        else { throw RegistryError.invalidStatement("it logs a signature of an unknown key") }
        // From here on nothing is older than the revocation: whoever stole the key has it still.
        guard !version.isRevoked, !identities[index].isRemoved else {
            throw RegistryError.invalidStatement("it logs a signature of a revoked or removed key")
        }
        loggedSignatures.insert(RegistryState.logEntry(record.digest, by: version.keyDER))
    }

    /// Whether a signature with this digest was logged by the key that is said to have made it,
    /// while that was trusted.
    func isLogged(_ digest: SHA256Digest, by keyDER: [UInt8]) -> Bool {
        loggedSignatures.contains(RegistryState.logEntry(digest, by: keyDER))
    }

    // Bound to the key: nobody else's word counts for a signature.
    private static func logEntry(_ digest: SHA256Digest, by keyDER: [UInt8]) -> SHA256Digest {
        SHA256Digest(hashing: SHA256Digest(hashing: keyDER).bytes + digest.bytes)
    }

    /// Whether this key was revoked once.
    func isRevoked(keyDER: [UInt8]) -> Bool {
        revokedKeys[SHA256Digest(hashing: keyDER)] != nil
    }

    /// Whether a key may be registered: not revoked, and nobody's but a removed name's.
    private func isFree(_ key: SHA256Digest) -> Bool {
        revokedKeys[key] == nil && indexByKey[key].map { identities[$0].isRemoved } ?? true
    }

    private func index(of name: KeyName) throws(RegistryError) -> Int {
        guard let index = indexByName[name] else { throw RegistryError.unknownName(name) }
        return index
    }

    private mutating func register(
        _ name: KeyName,
        _ key: [UInt8],
        expires: Timestamp?,
        at time: Timestamp
    ) throws(RegistryError) {
        let id = SHA256Digest(hashing: key)
        if let index = indexByName[name] {
            // After `remove`, the same key comes back as it was.
            guard identities[index].isRemoved, identities[index].latest.keyDER == key else {
                throw RegistryError.invalidStatement("the name is taken")
            }
            identities[index].isRemoved = false
            return
        }
        guard isFree(id) else {
            throw RegistryError.invalidStatement("the key is known under another name")
        }
        let version = RegisteredVersion(
            number: 1,
            keyDER: key,
            since: time,
            expires: expires,
            state: .active
        )
        indexByName[name] = identities.count
        indexByID[id] = identities.count
        indexByKey[id] = identities.count
        identities.append(
            RegisteredIdentity(name: name, id: id, versions: [version], chainHead: id)
        )
    }

    private mutating func replace(
        _ name: KeyName,
        _ key: [UInt8],
        at time: Timestamp
    ) throws(RegistryError) {
        let index = try index(of: name)
        let id = SHA256Digest(hashing: key)
        guard isFree(id) || indexByKey[id] == index && revokedKeys[id] == nil else {
            throw RegistryError.invalidStatement("the key is known under another name")
        }
        for version in identities[index].versions {
            indexByKey[SHA256Digest(hashing: version.keyDER)] = nil
        }
        indexByID[identities[index].id] = nil
        let version = RegisteredVersion(
            number: 1,
            keyDER: key,
            since: time,
            expires: nil,
            state: .active
        )
        var identity = RegisteredIdentity(name: name, id: id, versions: [version], chainHead: id)
        identity.role = identities[index].role
        identity.wasReplaced = true
        identities[index] = identity
        indexByID[id] = index
        indexByKey[id] = index
    }

    private mutating func rotate(
        _ rotation: Rotation,
        _ statement: Statement
    ) throws(RegistryError) {
        guard let index = indexByID[rotation.id] else {
            return try adoptEarlier(rotation, statement)
        }
        guard identities[index].version(rotation.from)?.keyDER == rotation.oldKey else {
            throw RegistryError.invalidStatement("the rotation is not by this identity's key")
        }
        if let known = identities[index].version(rotation.to) {
            guard known.keyDER != rotation.newKey else { return }
            identities[index].fork = (
                known.fingerprint, try? PublicKey(spkiDER: rotation.newKey).fingerprint
            )
            return
        }
        let latest = identities[index].latest
        guard latest.number == rotation.from, latest.keyDER == rotation.oldKey,
            latest.state == .active, rotation.previous == identities[index].chainHead
        else { throw RegistryError.invalidStatement("the rotation does not continue its chain") }
        let next = SHA256Digest(hashing: rotation.newKey)
        guard indexByKey[next] == nil else {
            throw RegistryError.invalidStatement("the new key is known already")
        }
        identities[index].versions[identities[index].versions.count - 1].state = .retired
        identities[index].versions.append(
            RegisteredVersion(
                number: rotation.to,
                keyDER: rotation.newKey,
                since: statement.time,
                expires: rotation.expires,
                state: .active
            )
        )
        identities[index].chainHead = statement.leafHash
        indexByKey[next] = index
    }

    /// A chain that began before the version which is known here: it gives the identity its true
    /// id and numbers once it has led to that version.
    private mutating func adoptEarlier(
        _ rotation: Rotation,
        _ statement: Statement
    ) throws(RegistryError) {
        // From version 1 on, without a gap: the id is version 1's own digest, and each step is
        // bound to the one before, so that nobody's key is slipped into another's past.
        let continues =
            if let (last, written) = earlier[rotation.id]?.last {
                rotation.from == last.to && rotation.oldKey == last.newKey
                    && rotation.previous == written.leafHash
            } else {
                rotation.from == 1 && rotation.id == SHA256Digest(hashing: rotation.oldKey)
                    && rotation.previous == rotation.id
            }
        guard continues else {
            throw RegistryError.invalidStatement("the chain does not begin with its identity")
        }
        earlier[rotation.id, default: []].append((rotation, statement))
        let key = SHA256Digest(hashing: rotation.newKey)
        guard let index = indexByKey[key], identities[index].versions.count == 1,
            identities[index].versions[0].state == .active,
            let chain = earlier.removeValue(forKey: rotation.id)
        else { return }
        var past: [RegisteredVersion] = []
        for (step, written) in chain {
            past.append(
                RegisteredVersion(
                    number: step.from,
                    keyDER: step.oldKey,
                    since: written.time,
                    expires: nil,
                    // What was revoked here before its chain was known stays so.
                    state: revokedKeys[SHA256Digest(hashing: step.oldKey)] ?? .retired
                )
            )
            indexByKey[SHA256Digest(hashing: step.oldKey)] = index
        }
        indexByID[identities[index].id] = nil
        indexByID[rotation.id] = index
        identities[index].id = rotation.id
        identities[index].versions[0].number = rotation.to
        identities[index].versions = past + identities[index].versions
        identities[index].chainHead = statement.leafHash
    }

    private mutating func revoke(
        _ index: Int,
        _ number: Int,
        _ time: Timestamp,
        _ reason: String
    ) throws(RegistryError) {
        guard let position = identities[index].versions.firstIndex(where: { $0.number == number })
        else { throw RegistryError.invalidStatement("there is no version \(number)") }
        guard !identities[index].versions[position].isRevoked else { return }
        identities[index].versions[position].state = .revoked(time, reason: reason)
        let key = SHA256Digest(hashing: identities[index].versions[position].keyDER)
        revokedKeys[key] = .revoked(time, reason: reason)
    }
}
