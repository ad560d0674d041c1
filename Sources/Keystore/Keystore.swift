public import CryptoCore
internal import DurableFiles
public import KeyFormats
public import Registry

/// The private side of a home: sealed keys, an identity a folder.
public struct Keystore: Sendable {
    /// The home it stands in.
    public let home: Home
    /// One's own registry.
    public private(set) var registry: Registry

    /// Opens a home, making what is missing, and finishes what a crash left half done: statements
    /// that reached an identity's file but not the registry.
    public init(home: Home) throws {
        try home.prepare()
        self.home = home
        registry = try Registry(path: home.registryPath, checkpointPath: home.checkpointPath)
        let found = try records()
        if try found.contains(where: { try !missing($0).isEmpty || hasLeftovers($0) }) {
            let lock = try home.lock()
            try registry.refresh()
            for record in try records() {
                try registry.append(missing(record))
                try removeLeftovers(record)
            }
            _ = consume lock
        }
        unfollowed = found.filter {
            registry.state.identity($0.name).map(\.chainHead) != $0.identity.chainHead
        }.map(\.name)
    }

    /// One's own identities whose statements the registry here cannot follow: it knows another key
    /// or another history for the name.
    ///
    /// To be told, not repaired in silence.
    public private(set) var unfollowed: [KeyName] = []

    /// Whether a crash left a torn line at the end of the registry.
    public var hasTornRegistry: Bool { registry.hasTornTail }

    /// What the registry does not know yet of one's own identity.
    private func missing(_ record: IdentityRecord) throws -> [Statement] {
        let role = Statement(
            .assign(name: record.name, role: .server),
            time: record.registration.time
        )
        guard let known = registry.state.identity(record.name) else {
            return [record.registration] + (record.isServer ? [role] : []) + record.chain
        }
        guard !known.isRemoved, known.id == record.identity.id else { return [] }
        // A server that were an ordinary member would be sent the room's keys.
        let missingRole = record.isServer && known.role != .server ? [role] : []
        guard known.chainHead != record.identity.chainHead else { return missingRole }
        return missingRole
            + ((try? registry.state.statementsToFollow(record.chain)) ?? [])
    }

    // MARK: Looking

    /// One's own identities, by name.
    public func records() throws -> [IdentityRecord] {
        var records: [IdentityRecord] = []
        for folder in try DurableFile.names(in: home.identitiesPath) {
            let path = "\(home.identitiesPath)/\(folder)/identity"
            let record = try readRecord(path)
            guard record.name.description == folder else {
                throw KeystoreError.damaged(path, "it is the identity \"\(record.name)\"")
            }
            records.append(record)
        }
        return records
    }

    /// One's own identity of this name; throws `KeystoreError` where there is none.
    public func record(_ name: KeyName) throws -> IdentityRecord {
        let path = identityPath(name)
        guard DurableFile.exists(path) else { throw KeystoreError.unknownIdentity(name) }
        return try readRecord(path)
    }

    /// The one identity of a person that is here; throws `KeystoreError` and lists them where
    /// there are several.
    public func defaultRecord() throws -> IdentityRecord {
        let records = try records().filter { !$0.isServer }
        guard let first = records.first else { throw KeystoreError.noIdentity }
        guard records.count == 1 else { throw KeystoreError.ambiguous(records.map(\.name)) }
        return first
    }

    /// Whether opening this identity takes a passphrase.
    public func needsPassphrase(_ record: IdentityRecord) throws -> Bool {
        try readSealed(record).lock.derivation != nil
    }

    private func readRecord(_ path: String) throws -> IdentityRecord {
        try DurableFile.requirePrivate(path)
        return try IdentityRecord(
            DurableFile.read(path, limit: IdentityRecord.largestByteCount),
            path: path
        )
    }

    private func readSealed(_ record: IdentityRecord) throws -> SealedFile {
        let path = sealedPath(record.name, record.sealedNumber)
        guard DurableFile.exists(path) else {
            guard try self.record(record.name).sealedNumber == record.sealedNumber else {
                throw KeystoreError.changedMeanwhile(record.name)
            }
            throw KeystoreError.damaged(path, "it is missing")
        }
        try DurableFile.requirePrivate(path)
        let bytes = try DurableFile.read(path, limit: SealedFile.largestByteCount)
        let sealed = try SealedFile(bytes, path: path)
        let expected = record.identity.versions.map(\.number)
        guard sealed.id == record.identity.id,
            Set(sealed.versions.map(\.number)).isSubset(of: expected)
        else { throw KeystoreError.damaged(path, "it belongs to another identity") }
        guard sealed.lock.derivation?.parameters.isReadable != false else {
            throw KeystoreError.costlyDerivation(path)
        }
        return sealed
    }

    // MARK: Unlocking

    /// Opens an identity; a failure changes nothing.
    public func unlock(
        _ record: IdentityRecord,
        passphrase: Passphrase?
    ) throws -> UnlockedIdentity {
        let path = sealedPath(record.name, record.sealedNumber)
        let sealed = try readSealed(record)
        switch try sealed.lock.open(passphrase, id: sealed.id) {
        case .wrongPassphrase: throw KeystoreError.wrongPassphrase(record.name, path: path)
        case .damaged: throw KeystoreError.damaged(path, "its header was changed")
        case .dataKey(let dataKey): return try open(record, sealed, dataKey)
        }
    }

    /// Opens the present state of an identity that was unlocked before: after `rotate` in another
    /// process no passphrase is needed, after `passwd` one is.
    public func reopen(_ unlocked: UnlockedIdentity) throws -> UnlockedIdentity {
        let record = try record(unlocked.record.name)
        return try open(record, readSealed(record), unlocked.dataKey.copy())
    }

    private func open(
        _ record: IdentityRecord,
        _ sealed: SealedFile,
        _ dataKey: consuming SecretBytes
    ) throws -> UnlockedIdentity {
        let opened: [(number: Int, key: RSAPrivateKey)]
        do { opened = try sealed.keys(dataKey: dataKey) } catch {
            throw KeystoreError.damaged(
                sealedPath(record.name, record.sealedNumber),
                "its header or body was changed"
            )
        }
        return UnlockedIdentity(
            record: record,
            lock: sealed.lock,
            dataKey: dataKey,
            keys: Dictionary(opened.map { ($0.number, $0.key) }, uniquingKeysWith: { $1 })
        )
    }

    // MARK: Changing

    /// Throws `KeystoreError` unless an identity of this name can be made.
    public func requireFree(_ name: KeyName) throws {
        guard !DurableFile.exists(identityPath(name)) else { throw KeystoreError.nameTaken(name) }
    }

    /// Stores a private key as version 1 of a new identity, and registers its public half.
    public mutating func create(
        _ name: KeyName,
        key: RSAPrivateKey,
        isServer: Bool = false,
        comment: String = "",
        expires: Timestamp? = nil,
        allowingWeak: Bool = false,
        protection: Protection
    ) throws -> IdentityRecord {
        try requireWritable(protection)
        let lock = try home.lock()
        try requireFree(name)
        try registry.refresh()
        let publicKey = try PublicKey(key.publicKey, allowingWeak: allowingWeak)
        let time = Timestamp.now
        // Judged before anything is written: another's name is not taken over.
        let judged = try registry.state.statementsToImport(
            publicKey,
            as: name,
            replacing: false,
            expires: expires,
            at: time
        )
        guard registry.state.identity(name).map({ $0.id == publicKey.identityID }) ?? true else {
            throw KeystoreError.laterVersion(name)
        }
        let record = try IdentityRecord(
            name: name,
            isServer: isServer,
            comment: comment,
            sealedNumber: 1,
            registration: Statement(
                .register(name: name, key: publicKey.spkiDER, expires: expires),
                time: time
            ),
            chain: []
        )
        let dataKey = try SecretBytes.random(count: DataKeyLock.dataKeyByteCount)
        let sealed = try SealedFile(
            id: record.identity.id,
            keys: [(1, key)],
            lock: DataKeyLock(dataKey, id: record.identity.id, protection: protection),
            dataKey: dataKey
        )
        // The folder appears under its name only when both files are in it.
        // A draft that a crash left is written over.
        let draft = "\(home.identitiesPath)/.new"
        try DurableFile.makeFolder(draft)
        for stale in try DurableFile.names(in: draft) {
            try DurableFile.remove("\(draft)/\(stale)")
        }
        try DurableFile.replace(draft + "/sealed.1", with: sealed.encoded.borrowedBytes)
        try DurableFile.replace(draft + "/identity", with: record.encoded.borrowedBytes)
        try DurableFile.move(draft, to: "\(home.identitiesPath)/\(name)")
        try registry.append(judged)
        try registry.append(missing(record))
        _ = consume lock
        return record
    }

    /// Moves an unlocked identity on to a new key: a statement signed by both, the old retired.
    public mutating func rotate(
        _ unlocked: UnlockedIdentity,
        to new: RSAPrivateKey,
        expires: Timestamp? = nil,
        parameters: Argon2id.Parameters? = nil,
        passphrase: Passphrase? = nil
    ) throws -> IdentityRecord {
        let lock = try home.lock()
        let identity = unlocked.record.identity
        try requireUnchanged(unlocked.record)
        guard let active = identity.active, let old = unlocked.privateKey(version: active.number)
        else { throw KeystoreError.revoked(unlocked.record.name, version: identity.latest.number) }
        let statement = try Rotation.statement(
            id: identity.id,
            from: active.number,
            previous: identity.chainHead,
            old: old,
            new: new,
            expires: expires,
            time: .now
        )
        let record = try unlocked.record.moved(
            toSealed: unlocked.record.sealedNumber + 1,
            adding: statement
        )
        var dataKeyLock = unlocked.lock
        if let parameters, let passphrase {
            let protection = Protection.passphrase(passphrase, parameters)
            try requireWritable(protection)
            dataKeyLock = try DataKeyLock(unlocked.dataKey, id: identity.id, protection: protection)
        }
        let sealed = try SealedFile(
            id: identity.id,
            keys: unlocked.allKeys + [(active.number + 1, new)],
            lock: dataKeyLock,
            dataKey: unlocked.dataKey
        )
        try commit(record, sealed)
        _ = consume lock
        return record
    }

    /// Seals an unlocked identity anew: another passphrase, another data key.
    public mutating func reseal(
        _ unlocked: UnlockedIdentity,
        protection: Protection
    ) throws -> IdentityRecord {
        try requireWritable(protection)
        let lock = try home.lock()
        try requireUnchanged(unlocked.record)
        let id = unlocked.record.identity.id
        let record = try unlocked.record.moved(
            toSealed: unlocked.record.sealedNumber + 1,
            adding: nil
        )
        let dataKey = try SecretBytes.random(count: DataKeyLock.dataKeyByteCount)
        let sealed = try SealedFile(
            id: id,
            keys: unlocked.allKeys,
            lock: DataKeyLock(dataKey, id: id, protection: protection),
            dataKey: dataKey
        )
        try commit(record, sealed)
        _ = consume lock
        return record
    }

    /// Revokes the version in use of an unlocked identity, by its own signature.
    public mutating func revoke(
        _ unlocked: UnlockedIdentity,
        reason: String
    ) throws -> IdentityRecord {
        let lock = try home.lock()
        try requireUnchanged(unlocked.record)
        let identity = unlocked.record.identity
        guard let active = identity.active, let key = unlocked.privateKey(version: active.number)
        else { throw KeystoreError.revoked(unlocked.record.name, version: identity.latest.number) }
        let statement = try Revocation.statement(
            id: identity.id,
            version: active.number,
            key: key,
            reason: reason,
            time: .now
        )
        let record = try unlocked.record.moved(
            toSealed: unlocked.record.sealedNumber,
            adding: statement
        )
        try DurableFile.replace(identityPath(record.name), with: record.encoded.borrowedBytes)
        try registry.append(missing(record))
        _ = consume lock
        return record
    }

    /// Appends statements to one's own registry, made from its newest state under the lock.
    @discardableResult
    public mutating func changeRegistry(
        _ make: (RegistryState) throws -> [Statement]
    ) throws -> [Statement] {
        let lock = try home.lock()
        try registry.refresh()
        let statements = try make(registry.state)
        try registry.append(statements)
        _ = consume lock
        return statements
    }

    /// Reads what other processes have appended to the registry; returns whether it changed.
    @discardableResult
    public mutating func refresh() throws -> Bool { try registry.refresh() }

    /// The new sealed file first, then the identity file, whose renaming is the commit.
    private mutating func commit(
        _ record: IdentityRecord,
        _ sealed: SealedFile
    ) throws {
        let path = sealedPath(record.name, record.sealedNumber)
        try DurableFile.replace(path, with: sealed.encoded.borrowedBytes)
        try DurableFile.replace(identityPath(record.name), with: record.encoded.borrowedBytes)
        try removeLeftovers(record)
        try registry.append(missing(record))
    }

    /// Sealed files that no longer count, left by a crash: they may open with an old passphrase.
    private func leftovers(_ record: IdentityRecord) throws -> [String] {
        let folder = "\(home.identitiesPath)/\(record.name)"
        return try DurableFile.names(in: folder)
            .filter { $0 != "identity" && $0 != "sealed.\(record.sealedNumber)" }
            .map { "\(folder)/\($0)" }
    }

    private func hasLeftovers(_ record: IdentityRecord) throws -> Bool {
        try !leftovers(record).isEmpty
    }

    private func removeLeftovers(_ record: IdentityRecord) throws {
        for path in try leftovers(record) { try DurableFile.remove(path) }
    }

    private func requireUnchanged(_ record: IdentityRecord) throws {
        let present = try self.record(record.name)
        guard present.sealedNumber == record.sealedNumber, present.chain == record.chain else {
            throw KeystoreError.changedMeanwhile(record.name)
        }
    }

    private func requireWritable(_ protection: Protection) throws(KeystoreError) {
        if case .passphrase(_, let parameters) = protection, !parameters.isWritable {
            throw KeystoreError.weakDerivation()
        }
    }

    private func identityPath(_ name: KeyName) -> String {
        "\(home.identitiesPath)/\(name)/identity"
    }

    private func sealedPath(_ name: KeyName, _ number: Int) -> String {
        "\(home.identitiesPath)/\(name)/sealed.\(number)"
    }
}
