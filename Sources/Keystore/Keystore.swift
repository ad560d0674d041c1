internal import CryptoCore
internal import DurableFiles
public import KeyFormats
public import Registry

/// The private side of a home: sealed keys, an identity a folder.
public struct Keystore: Sendable {
    /// The home it stands in.
    public let home: Home
    /// One's own registry.
    public private(set) var registry: Registry
    /// Uses and changes.
    public let audit: AuditLog
    /// Those that keep private keys.
    public let providers: KeyProviders
    /// Whether a change waits while another process holds the home's lock; where not, it throws
    /// `KeystoreError`, to be tried again later.
    public var waitsForLock = true

    /// Opens a home and finishes what a crash left half done: statements that reached an identity's
    /// file but not the registry.
    ///
    /// A home that is not there is empty; it is made by the first change. `whenUnaudited` hears why
    /// an entry of the audit log could not be written.
    public init(
        home: Home,
        providers: KeyProviders = .builtIn,
        whenUnaudited: @escaping @Sendable (any Error) -> Void = { _ in }
    ) throws {
        // Asked once: another process may be making the home right now.
        let isThere = home.exists
        if isThere {
            try home.prepare()
        } else if home.isInUse {
            try home.requirePrivate()
        } else if DurableFile.exists(home.path) {
            try DurableFile.makeFolder(home.path)  // it is there: throws where it is a file
        }
        self.home = home
        self.providers = providers
        audit = AuditLog(path: home.auditPath, whenUnwritten: whenUnaudited)
        registry = try Registry(path: home.registryPath, checkpointPath: home.checkpointPath)
        guard isThere else { return }
        try removeStaleDrafts()
        try heal()
    }

    /// Finishes what a crash left half done, where the home can be written.
    private mutating func heal() throws {
        var (found, aside) = try storedIdentities()
        leftAside = aside
        let isUnfinished = try found.contains { try self.isUnfinished($0) }
        unfollowed = strangers(among: found)
        guard
            isUnfinished || registry.hasTornTail || !unfollowed.isEmpty || !abandonedDrafts.isEmpty
        else { return }
        // On a read-only file system, what only reads works all the same.
        guard DurableFile.isWritable(home.path) else { return }
        // Another process may be in the middle of a change: under its lock it is not.
        let lock = try home.lock()
        try registry.lookAgain()
        (found, leftAside) = try storedIdentities()
        removeAbandonedDrafts()
        for record in found {
            // One that cannot be repaired disables none of the others.
            do {
                guard try self.isUnfinished(record) else { continue }
                try registry.append(missing(record))
                try removeLeftovers(record)
                try renewPublicKeyFile(record)
            } catch let error as any ReportableError {
                let path = folderPath(record.name)
                leftAside.append(LeftAside(name: record.name, path: path, error: error))
            }
        }
        unfollowed = strangers(among: found)
        _ = consume lock
    }

    private func strangers(among records: [IdentityRecord]) -> [KeyName] {
        records.filter { record in
            !record.isPending
                && registry.state.identity(record.name)?.chainHead != record.identity.chainHead
        }.map(\.name)
    }

    /// One's own identities whose statements the registry here cannot follow: it knows another key
    /// or another history for the name.
    ///
    /// To be told, not repaired in silence.
    public private(set) var unfollowed: [KeyName] = []

    /// Folders among the identities that are none, or cannot be used, each with the reason; all
    /// others work.
    public private(set) var leftAside: [LeftAside] = []

    /// Whether a crash left a torn line at the end of the registry.
    public var hasTornRegistry: Bool { registry.hasTornTail }

    // MARK: Looking

    /// One's own identities, by name.
    ///
    /// A key that the registry knows to be revoked is revoked, whatever its identity's file says.
    public func records() throws -> [IdentityRecord] {
        try storedRecords().map { $0.revoked(asIn: registry.state) }
    }

    /// One's own identity of this name; throws `KeystoreError` where there is none.
    public func record(_ name: KeyName) throws -> IdentityRecord {
        guard let record = try storedRecord(name) else {
            throw registry.state.identity(name) == nil
                ? KeystoreError.unknownIdentity(name) : KeystoreError.publicHalf(name)
        }
        return record.revoked(asIn: registry.state)
    }

    /// The one identity of a person that is here; throws `KeystoreError` and lists them where
    /// there are several.
    public func defaultRecord() throws -> IdentityRecord {
        let records = try records().filter { !$0.isServer }
        // The one that cannot be used may be the one that is meant.
        let unusable = leftAside.compactMap(\.name)
        guard unusable.isEmpty else { throw KeystoreError.unusable(unusable) }
        guard let first = records.first else { throw KeystoreError.noIdentity }
        guard records.count == 1 else { throw KeystoreError.ambiguous(records.map(\.name)) }
        return first
    }

    /// Whether opening this identity takes a passphrase.
    public func needsPassphrase(_ record: IdentityRecord) throws -> Bool {
        try readSealed(record).lock.derivation != nil
    }

    // MARK: Changing

    /// Makes the home; throws `KeystoreError` where a part of one is there, as an empty folder of
    /// identities would say that there are none.
    public func prepareHome() throws {
        guard !home.exists else { return try home.prepare() }
        try DurableFile.makeFolder(home.path)
        try DurableFile.requirePrivate(home.path)
        // First use is a race: under the lock, either nobody has begun or somebody is done.
        let lock = try home.lock()
        guard home.exists || !home.isInUse else { throw KeystoreError.noIdentities(home) }
        try home.prepare()
        _ = consume lock
    }

    /// Runs a change under the lock, on the newest state, and enters what came of it.
    mutating func change<Result>(
        _ event: String,
        _ name: KeyName?,
        version: Int? = nil,
        _ body: (inout Keystore) throws -> Result
    ) throws -> Result {
        try audit.entering(event, name, version: version) {
            if !home.exists { try prepareHome() }
            let free = waitsForLock ? try home.lock() : try home.lockIfFree()
            guard let lock = consume free else { throw KeystoreError.homeLocked(home) }
            try registry.refresh()
            let result = try body(&self)
            _ = consume lock
            return result
        }
    }

    /// Appends statements to one's own registry, made from its newest state under the lock.
    @discardableResult
    public mutating func changeRegistry(
        _ event: String,
        _ name: KeyName? = nil,
        _ make: (RegistryState) throws -> [Statement]
    ) throws -> [Statement] {
        // No home is made for what is refused.
        if !home.exists { _ = try make(registry.state) }
        return try change(event, name) { keystore in
            let statements = try make(keystore.registry.state)
            try keystore.registry.append(statements)
            return statements
        }
    }

    /// Takes in somebody else's registry, whose every line was judged; throws `RegistryError` where
    /// it does not continue what was seen of it before.
    public mutating func mirror(
        _ verified: VerifiedRegistry,
        of owner: KeyName
    ) throws -> RegistryMirror.Outcome {
        try change("mirror", owner) { keystore in
            let id = verified.checkpoint.owner.description
            try DurableFile.makeFolder("\(keystore.home.chatPath)/\(id)")
            var mirror = try RegistryMirror(path: keystore.home.mirrorPath(owner: id))
            return try mirror.take(verified)
        }
    }

    /// Signs the registry as it stands, and keeps the checkpoint.
    public mutating func signCheckpoint(_ unlocked: UnlockedIdentity) throws -> [UInt8] {
        try change("checkpoint", unlocked.record.name) { keystore in
            let key = try unlocked.signingKey(at: .now)
            let owner = unlocked.record.identity.id
            let note = try Checkpoint(owner: owner, tree: keystore.registry.tree)
                .note(signedBy: key)
            try DurableFile.replace(keystore.home.checkpointPath, with: note.borrowedBytes)
            return note
        }
    }

    /// Reads what other processes have appended to the registry; returns whether it changed.
    @discardableResult
    public mutating func refresh() throws -> Bool { try registry.refresh() }

    /// Appends statements that were judged on the present state.
    mutating func append(_ statements: [Statement]) throws { try registry.append(statements) }

    func requireUnchanged(_ record: IdentityRecord) throws {
        let present = try self.record(record.name)
        guard present.encoded == record.encoded else {
            throw KeystoreError.changedMeanwhile(record.name)
        }
    }

    func requireWritable(_ protection: Protection) throws(KeystoreError) {
        if case .passphrase(_, let parameters) = protection, !parameters.isWritable {
            throw KeystoreError.weakDerivation()
        }
    }

    /// Throws `KeystoreError` unless an identity of this name can be made.
    public func requireFree(_ name: KeyName) throws {
        guard !DurableFile.exists(identityPath(name)) else { throw KeystoreError.nameTaken(name) }
        // What is left of a lost identity is told as that.
        _ = try storedRecord(name)
        let folder = folderPath(name)
        guard !DurableFile.exists(folder) else { throw KeystoreError.foreignFolder(folder) }
    }

    func folderPath(_ name: KeyName) -> String { "\(home.identitiesPath)/\(name)" }

    func identityPath(_ name: KeyName) -> String {
        "\(home.identitiesPath)/\(name)/identity"
    }

    func sealedPath(_ name: KeyName, _ number: Int) -> String {
        "\(home.identitiesPath)/\(name)/sealed.\(number)"
    }
}
