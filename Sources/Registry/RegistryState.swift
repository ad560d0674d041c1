public import CryptoCore
public import KeyFormats

/// What replaying a registry's log gives: names, keys and their states.
///
/// A value without I/O.
public struct RegistryState: Sendable {
    /// Most identities that one registry holds.
    public static let largestCount = 1_000_000

    private(set) var table: IdentityTable
    // Statements from before the version that is known, until the one that leads to it arrives.
    private var earlier: [SHA256Digest: ChainLink] = [:]
    // Signatures that were logged while their key was trusted, since the index.
    private var loggedSignatures: Set<SHA256Digest> = []
    // A revoked key never comes back, under whatever name.
    private(set) var revokedKeys: [SHA256Digest: RegisteredVersion.State]
    private(set) var groups: [KeyName: Set<KeyName>]

    /// An empty registry.
    public init() { self.init(index: nil) }

    /// What an index holds.
    init(index: RegistryIndex?) {
        table = IdentityTable(base: index)
        revokedKeys = index?.revokedKeys ?? [:]
        groups = index?.groups ?? [:]
        for statement in index?.earlier ?? [] {
            guard let id = statement.identityID else { continue }
            try? earlier[id, default: ChainLink(id: id)].follow(statement)
        }
    }

    // MARK: Looking

    /// Every name, removed ones too, in the order of registration.
    public var all: some Collection<RegisteredIdentity> {
        (0..<table.count).lazy.map { [table] in table[$0] }
    }

    /// The identities that take part: neither removed nor a server's.
    public var members: [RegisteredIdentity] {
        all.filter { !$0.isRemoved && $0.role != .server }
    }

    /// The identity with this name.
    public func identity(_ name: KeyName) -> RegisteredIdentity? {
        table.position(.name, name.lookupDigest).map { table[$0] }
    }

    /// The identity with this id.
    public func identity(id: SHA256Digest) -> RegisteredIdentity? {
        table.position(.id, id).map { table[$0] }
    }

    /// The identity that any of whose versions has this key.
    public func identity(keyDER: [UInt8]) -> RegisteredIdentity? {
        table.position(.key, RegistryState.lookup(keyDER)).map { table[$0] }
    }

    /// What a key is found by, whatever bytes spell it: its fingerprint.
    static func lookup(_ keyDER: [UInt8]) -> SHA256Digest {
        Fingerprint(ofSPKI: keyDER)?.digest ?? SHA256Digest(hashing: keyDER)
    }

    /// A key with the name that has it, or had it.
    public typealias Holder = (identity: RegisteredIdentity, version: RegisteredVersion)

    /// The version that has this key.
    private func holder(of key: Fingerprint) -> Holder? {
        place(.key, key.digest).map { (table[$0.0], table[$0.0].versions[$0.1]) }
    }

    /// The versions that have this key: one of today, one from before a replacement, or both.
    public func holders(of key: Fingerprint) -> [Holder] {
        let former = place(.former, key.digest).map { (table[$0.0], table[$0.0].former[$0.1]) }
        return [holder(of: key), former].compactMap(\.self)
    }

    /// Where a key stands: its identity, and its place among the versions.
    private func place(_ lookup: IdentityTable.Lookup, _ key: SHA256Digest) -> (Int, Int)? {
        guard let position = table.position(lookup, key) else { return nil }
        let versions = lookup == .former ? table[position].former : table[position].versions
        return versions.firstIndex { $0.lookup == key }.map { (position, $0) }
    }

    /// A name that is in use and reads like this one.
    func lookAlike(of name: KeyName) -> KeyName? {
        guard let position = table.position(.skeleton, name.skeletonDigest) else { return nil }
        let other = table[position]
        return other.isRemoved || other.name == name ? nil : other.name
    }

    /// Who is in a chat's room: the group of the room's name, else everybody.
    ///
    /// Once there was such a group, the room is for the group alone, also when nobody is left.
    public func members(ofRoom room: String) -> [RegisteredIdentity] {
        guard let group = group(ofRoom: room) else { return members }
        return members.filter { group.contains($0.name) }
    }

    /// Whether somebody who takes part is in a room; see `members(ofRoom:)`.
    public func isMember(_ name: KeyName, ofRoom room: String) -> Bool {
        group(ofRoom: room)?.contains(name) ?? true
    }

    private func group(ofRoom room: String) -> Set<KeyName>? {
        (try? KeyName(room)).flatMap { groups[$0] }
    }

    /// The groups that have anybody in them, by name.
    public var groupNames: [KeyName] { groups.filter { !$0.value.isEmpty }.keys.sorted() }

    /// Who is in a group, sorted; `nil` where there is no such group.
    public func members(ofGroup group: KeyName) -> [KeyName]? {
        guard let names = groups[group], !names.isEmpty else { return nil }
        return names.filter { identity($0)?.isRemoved == false }.sorted()
    }

    /// The identity that a statement is about.
    public func subject(of statement: Statement) -> RegisteredIdentity? {
        if case .revoke(let revocation) = statement.act {
            return holder(of: revocation.fingerprint)?.identity
        }
        return statement.name.flatMap { identity($0) }
            ?? statement.identityID.flatMap { identity(id: $0) }
    }

    /// The version of its subject that a statement is about, by the number that it has here.
    public func subjectVersion(of statement: Statement) -> Int? {
        if case .revoke(let revocation) = statement.act {
            return holder(of: revocation.fingerprint)?.version.number
        }
        return statement.subjectVersion
    }

    /// Replays one statement; throws `RegistryError` and changes nothing where it does not fit.
    ///
    /// Signatures are checked before a statement is appended, not again when it is replayed.
    public mutating func apply(_ statement: Statement) throws(RegistryError) {
        switch statement.act {
        case .register(let name, let key, let expires):
            try register(name, key, expires: expires, at: statement.time)
        case .replace(let name, let key, let expires):
            try replace(name, key, expires: expires, at: statement.time)
        case .remove(let name):
            let position = try position(of: name)
            table[position].isRemoved = true
            for (group, names) in groups where names.contains(name) { leave(group, name) }
        case .assign(let name, let role): table[try position(of: name)].role = role
        case .verify(let name, let key):
            let position = try position(of: name)
            guard table[position].latest.fingerprint == key else {
                throw RegistryError.invalidStatement("it verifies another key than \"\(name)\" has")
            }
            table[position].verified = statement.time
        case .unverify(let name): table[try position(of: name)].verified = nil
        case .join(let group, let name):
            guard !table[try position(of: name)].isRemoved, identity(group) == nil else {
                throw RegistryError.invalidStatement("a name cannot be in this group")
            }
            groups[group, default: []].insert(name)
        case .leave(let group, let name): leave(group, name)
        case .rotate(let rotation): try rotate(rotation, statement)
        case .amend(let amendment): try amend(amendment, statement)
        case .revoke(let revocation):
            try revoke(revocation, statement)
        case .disown(let name, let version, let since, let reason):
            try revoke(
                position(of: name),
                version,
                .revoked(since: since, said: statement.time, reason: reason)
            )
        case .sign(let record): try log(record)
        }
    }

    private mutating func leave(_ group: KeyName, _ name: KeyName) {
        // An empty one is remembered: a room that was for a group is not open to all again.
        groups[group]?.remove(name)
    }

    private mutating func log(_ record: LoggedSignature) throws(RegistryError) {
        guard let identity = identity(id: record.id),
            let version = identity.version(record.version)
        else { throw RegistryError.invalidStatement("it logs a signature of an unknown key") }
        // From here on nothing is older than the revocation: whoever stole the key has it still.
        guard !version.isRevoked, !identity.isRemoved else {
            throw RegistryError.invalidStatement("it logs a signature of a revoked or removed key")
        }
        loggedSignatures.insert(RegistryState.logEntry(record.digest, by: version.keyDER))
    }

    /// Whether a signature with this digest was logged by the key that is said to have made it,
    /// while that was trusted.
    func isLogged(_ digest: SHA256Digest, by keyDER: [UInt8]) -> Bool {
        let entry = RegistryState.logEntry(digest, by: keyDER)
        return loggedSignatures.contains(entry) || table.base?.hasSignature(entry) == true
    }

    var allLoggedSignatures: [SHA256Digest] {
        (table.base?.signatures ?? [])
            + loggedSignatures.filter {
                table.base?.hasSignature($0) != true
            }
    }

    var earlierStatements: [Statement] { earlier.values.flatMap(\.statements) }

    // Bound to the key: nobody else's word counts for a signature.
    private static func logEntry(_ digest: SHA256Digest, by keyDER: [UInt8]) -> SHA256Digest {
        SHA256Digest(hashing: SHA256Digest(hashing: keyDER).bytes + digest.bytes)
    }

    /// Whether this key was revoked once, under whatever name.
    public func isRevoked(keyDER: [UInt8]) -> Bool {
        revokedKeys[RegistryState.lookup(keyDER)] != nil
    }

    /// Whether a key may be registered: not revoked, and nobody's but a removed name's.
    private func isFree(_ key: SHA256Digest) -> Bool {
        revokedKeys[key] == nil && table.position(.key, key).map { table[$0].isRemoved } ?? true
    }

    private func position(of name: KeyName) throws(RegistryError) -> Int {
        guard let position = table.position(.name, name.lookupDigest) else {
            throw RegistryError.unknownName(name)
        }
        return position
    }

    // MARK: Names and keys

    private mutating func register(
        _ name: KeyName,
        _ key: [UInt8],
        expires: Timestamp?,
        at time: Timestamp
    ) throws(RegistryError) {
        let id = SHA256Digest(hashing: key)
        let lookup = RegistryState.lookup(key)
        if let position = table.position(.name, name.lookupDigest) {
            // After `remove`, the same key comes back as it was.
            guard table[position].isRemoved, table[position].latest.keyDER == key else {
                throw RegistryError.invalidStatement("the name is taken")
            }
            let identity = table[position]
            let keys = identity.versions.map(\.lookup)
            // In the meantime another name may have had the key, and lost it.
            guard keys.allSatisfy({ table.position(.key, $0) == position || isFree($0) }) else {
                throw RegistryError.invalidStatement("the key is known under another name")
            }
            guard revokedKeys[lookup] == nil || identity.latest.isRevoked
            else { throw RegistryError.invalidStatement("the key was revoked") }
            table[position].isRemoved = false
            for key in keys { table.set(.key, key, position) }
            table.set(.id, identity.id, position)
            table.set(.skeleton, name.skeletonDigest, position)
            return
        }
        guard isFree(lookup) else {
            throw RegistryError.invalidStatement("the key is known under another name")
        }
        guard members(ofGroup: name) == nil else {
            throw RegistryError.invalidStatement("the name is a group's")
        }
        guard table.count < RegistryState.largestCount else {
            throw RegistryError.invalidStatement("there are too many names")
        }
        let position = table.count
        table.append(RegisteredIdentity(name: name, first: key, expires: expires, at: time, id: id))
        table.set(.name, name.lookupDigest, position)
        table.set(.skeleton, name.skeletonDigest, position)
        table.set(.id, id, position)
        table.set(.key, lookup, position)
    }

    private mutating func replace(
        _ name: KeyName,
        _ key: [UInt8],
        expires: Timestamp?,
        at time: Timestamp
    ) throws(RegistryError) {
        let position = try position(of: name)
        let id = SHA256Digest(hashing: key)
        let lookup = RegistryState.lookup(key)
        guard
            isFree(lookup)
                || table.position(.key, lookup) == position && revokedKeys[lookup] == nil
        else {
            throw RegistryError.invalidStatement("the key is known under another name")
        }
        let old = table[position]
        // While the name was removed, another may have come to have the key.
        for version in old.versions where table.position(.key, version.lookup) == position {
            table.set(.key, version.lookup, nil)
        }
        if table.position(.id, old.id) == position { table.set(.id, old.id, nil) }
        var identity = RegisteredIdentity(
            name: name,
            first: key,
            expires: expires,
            at: time,
            id: id
        )
        identity.role = old.role
        identity.wasReplaced = true
        identity.former = former(of: old, without: lookup)
        for version in old.former where table.position(.former, version.lookup) == position {
            table.set(.former, version.lookup, nil)
        }
        for version in identity.former { table.set(.former, version.lookup, position) }
        table[position] = identity
        table.set(.id, id, position)
        table.set(.key, lookup, position)
        table.set(.skeleton, name.skeletonDigest, position)
    }

    /// What is remembered of a name whose key is replaced: each key once, the newest of them.
    private func former(
        of old: RegisteredIdentity,
        without key: SHA256Digest
    ) -> [RegisteredVersion] {
        var seen: Set<SHA256Digest> = [key]
        let different = (old.former + old.versions).reversed().filter {
            seen.insert($0.lookup).inserted
        }
        return different.prefix(RegistryState.largestChainCount).reversed()
    }

    // MARK: An identity's own statements

    private mutating func amend(
        _ amendment: Amendment,
        _ statement: Statement
    ) throws(RegistryError) {
        guard let position = table.position(.id, amendment.id) else {
            return try keepEarlier(statement, id: amendment.id)
        }
        var identity = table[position]
        let last = identity.versions.count - 1
        guard identity.latest.number == amendment.version, identity.latest.state == .active,
            identity.chainHead == amendment.previous
        else { throw RegistryError.invalidStatement("it does not continue its chain") }
        switch amendment.change {
        case .renew(let expires): identity.versions[last].expires = expires
        case .retire: identity.versions[last].state = .retired
        }
        identity.chain.append(statement.leafHash)
        table[position] = identity
    }

    private mutating func rotate(
        _ rotation: Rotation,
        _ statement: Statement
    ) throws(RegistryError) {
        guard let position = table.position(.id, rotation.id) else {
            // Two successors are a fork, whatever beginning each claims for the key.
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
        if let known = identity.version(rotation.to) {
            if known.keyDER != rotation.newKey { freeze(position, known, rotation) }
            return
        }
        guard identity.latest.number == rotation.from, identity.latest.state == .active,
            rotation.previous == identity.chainHead
        else { throw RegistryError.invalidStatement("the rotation does not continue its chain") }
        let next = RegistryState.lookup(rotation.newKey)
        guard table.position(.key, next) == nil, revokedKeys[next] == nil else {
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
        table.set(.key, next, position)
    }

    /// Freezes a name whose key has a successor other than the one that is known.
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

    /// Keeps a statement of a chain that began before the version which is known here.
    private mutating func keepEarlier(
        _ statement: Statement,
        id: SHA256Digest
    ) throws(RegistryError) {
        var link = earlier[id] ?? ChainLink(id: id)
        try link.follow(statement)
        earlier[id] = link
    }

    /// A chain that began before the version which is known here: it gives the identity its true
    /// id and numbers once it has led to that version.
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
        // Whoever stole another's old key cannot pass it off as the beginning of their own chain.
        let isFree = past.allSatisfy { version in
            [.key, .former].allSatisfy {
                [nil, position].contains(table.position($0, version.lookup))
            }
        }
        guard isFree, var latest = past.popLast() else { return }
        for index in past.indices {
            let old = past[index].lookup
            // What was revoked here before its chain was known stays so.
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

    /// A key's own word, wherever the key stands.
    private mutating func revoke(
        _ revocation: Revocation,
        _ statement: Statement
    ) throws(RegistryError) {
        let key = revocation.fingerprint.digest
        let (current, former) = (place(.key, key), place(.former, key))
        guard current != nil || former != nil else {
            throw RegistryError.invalidStatement("it revokes a key that is not known")
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
        // The word of a version that was left already does not touch the chain: whoever stole
        // an old key could cut it off otherwise.
        if table[position].id == revocation.id, version.number == revocation.version,
            version.number == table[position].latest.number
        {
            table[position].chain.append(statement.leafHash)
        }
    }

    private mutating func revoke(
        _ position: Int,
        _ number: Int,
        _ state: RegisteredVersion.State
    ) throws(RegistryError) {
        guard let index = table[position].versions.firstIndex(where: { $0.number == number })
        else { throw RegistryError.invalidStatement("there is no version \(number)") }
        table[position].versions[index] = revoked(table[position].versions[index], state)
    }

    /// The version as a revocation leaves it, and its key never to come back.
    private mutating func revoked(
        _ version: RegisteredVersion,
        _ state: RegisteredVersion.State
    ) -> RegisteredVersion {
        guard case .revoked(let since, let said, let reason) = state,
            version.isLessRevoked(than: since)
        else { return version }
        var version = version
        // Nobody revokes for a time to come.
        version.state = .revoked(since: since.map { min($0, said) }, said: said, reason: reason)
        revokedKeys[version.lookup] = version.state
        return version
    }
}
