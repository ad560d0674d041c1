public import CryptoCore
public import KeyFormats

/// The state that replaying a registry's log gives: names, keys and their states.
///
/// It is a value without I/O. `Registry` and the chat's client each own one.
public struct RegistryState: Sendable {
    /// The largest number of identities in one registry.
    public static let largestCount = 1_000_000

    var table: IdentityTable
    // Chains that begin before a known version, until they lead to it.
    var earlier: [SHA256Digest: ChainLink] = [:]
    // Signatures that were logged since the index, while their key was trusted.
    private var loggedSignatures: Set<SHA256Digest> = []
    // A revoked key never comes back, under any name.
    var revokedKeys: [SHA256Digest: RegisteredVersion.State]
    private(set) var groups: [KeyName: Set<KeyName>]

    /// An empty registry.
    public init() { self.init(index: nil) }

    /// Makes the state that an index holds.
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

    /// All identities in the order of registration, removed ones included.
    public var all: some Collection<RegisteredIdentity> {
        (0..<table.count).lazy.map { [table] in table[$0] }
    }

    /// The identities that are neither removed nor a server's.
    public var members: [RegisteredIdentity] {
        all.filter { !$0.isRemoved && $0.role != .server }
    }

    /// Returns the identity with this name.
    public func identity(_ name: KeyName) -> RegisteredIdentity? {
        table.position(.name, name.lookupDigest).map { table[$0] }
    }

    /// Returns the identity with this id.
    public func identity(id: SHA256Digest) -> RegisteredIdentity? {
        table.position(.id, id).map { table[$0] }
    }

    /// Returns the identity that has this key in one of its versions.
    public func identity(keyDER: [UInt8]) -> RegisteredIdentity? {
        table.position(.key, RegistryState.lookup(keyDER)).map { table[$0] }
    }

    /// Returns the digest by which a key is found: its fingerprint, which does not depend on the
    /// encoding.
    static func lookup(_ keyDER: [UInt8]) -> SHA256Digest {
        Fingerprint(ofSPKI: keyDER)?.digest ?? SHA256Digest(hashing: keyDER)
    }

    /// A version of a key, with the identity that has it or had it.
    public typealias Holder = (identity: RegisteredIdentity, version: RegisteredVersion)

    /// Returns the version that has this key now.
    private func holder(of key: Fingerprint) -> Holder? {
        place(.key, key.digest).map { (table[$0.0], table[$0.0].versions[$0.1]) }
    }

    /// Returns the versions with this key: a present one, a former one, or both.
    public func holders(of key: Fingerprint) -> [Holder] {
        let former = place(.former, key.digest).map { (table[$0.0], table[$0.0].former[$0.1]) }
        return [holder(of: key), former].compactMap(\.self)
    }

    /// Returns the position of the identity with a key, and the index of the version.
    func place(_ lookup: IdentityTable.Lookup, _ key: SHA256Digest) -> (Int, Int)? {
        guard let position = table.position(lookup, key) else { return nil }
        let versions = lookup == .former ? table[position].former : table[position].versions
        return versions.firstIndex { $0.lookup == key }.map { (position, $0) }
    }

    /// Returns a name in use that reads like this one.
    package func lookAlike(of name: KeyName) -> KeyName? {
        guard let position = table.position(.skeleton, name.skeletonDigest) else { return nil }
        let other = table[position]
        return other.isRemoved || other.name == name ? nil : other.name
    }

    /// The name of the chat's room.
    ///
    /// No identity can have it.
    package static let room = "lobby"

    /// Returns the members of a chat's room: the group of the room's name, else all members.
    ///
    /// If such a group existed once, the room stays the group's, even if the group is empty.
    package func members(ofRoom room: String) -> [RegisteredIdentity] {
        guard let group = group(ofRoom: room) else { return members }
        return members.filter { group.contains($0.name) }
    }

    /// Returns whether a member of the chat is in a room; see `members(ofRoom:)`.
    package func isMember(_ name: KeyName, ofRoom room: String) -> Bool {
        group(ofRoom: room)?.contains(name) ?? true
    }

    private func group(ofRoom room: String) -> Set<KeyName>? {
        (try? KeyName(room)).flatMap { groups[$0] }
    }

    /// The names of the groups that are not empty.
    ///
    /// The room's group is listed even if it is empty.
    public var groupNames: [KeyName] {
        groups.filter { !$0.value.isEmpty || $0.key.description == RegistryState.room }.keys
            .sorted()
    }

    /// Returns the names in a group, sorted; `nil` if there is no such group.
    public func members(ofGroup group: KeyName) -> [KeyName]? {
        guard let names = groups[group], !names.isEmpty else { return nil }
        return names.filter { identity($0)?.isRemoved == false }.sorted()
    }

    /// Returns the identity that a statement is about.
    public func subject(of statement: Statement) -> RegisteredIdentity? {
        if case .revoke(let revocation) = statement.act {
            return holder(of: revocation.fingerprint)?.identity
        }
        return statement.name.flatMap { identity($0) }
            ?? statement.identityID.flatMap { identity(id: $0) }
    }

    /// Returns the version that a statement is about, with the number that it has here.
    public func subjectVersion(of statement: Statement) -> Int? {
        if case .revoke(let revocation) = statement.act {
            return holder(of: revocation.fingerprint)?.version.number
        }
        return statement.subjectVersion
    }

    /// Replays one statement; throws `RegistryError`, and changes nothing, if it does not fit.
    ///
    /// Signatures are checked before a statement is appended, and not when it is replayed.
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
                throw RegistryError.invalidStatement(
                    "it confirms a key that \"\(name)\" does not have"
                )
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
        // An empty group is remembered: a room that was limited to a group is never open to all
        // again.
        groups[group]?.remove(name)
    }

    private mutating func log(_ record: LoggedSignature) throws(RegistryError) {
        guard let identity = identity(id: record.id),
            let version = identity.version(record.version)
        else { throw RegistryError.invalidStatement("it logs a signature of an unknown key") }
        // From here on, a logged signature cannot be older than the revocation: the thief may have
        // made it.
        guard !version.isRevoked, !identity.isRemoved else {
            throw RegistryError.invalidStatement("it logs a signature of a revoked or removed key")
        }
        loggedSignatures.insert(RegistryState.logEntry(record.digest, by: version.keyDER))
    }

    /// Returns whether the key logged a signature with this digest while the key was trusted.
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

    // The entry is bound to the key, so that no other key can log its signatures.
    private static func logEntry(_ digest: SHA256Digest, by keyDER: [UInt8]) -> SHA256Digest {
        SHA256Digest(hashing: SHA256Digest(hashing: keyDER).bytes + digest.bytes)
    }

    /// Returns whether this key was revoked, under any name.
    public func isRevoked(keyDER: [UInt8]) -> Bool {
        revokedKeys[RegistryState.lookup(keyDER)] != nil
    }

    /// Returns whether a key may be registered: it is not revoked, and no name but a removed one
    /// has it.
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
            // After `remove`, the same key comes back in its old state.
            guard table[position].isRemoved, table[position].latest.keyDER == key else {
                throw RegistryError.invalidStatement("the name is taken")
            }
            let identity = table[position]
            let keys = identity.versions.map(\.lookup)
            // In the meantime, another name may have had the key and lost it.
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
        // While the name was removed, another name may have got the key.
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

    /// Returns the versions to remember of a name whose key is replaced: the newest of each key.
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
}
