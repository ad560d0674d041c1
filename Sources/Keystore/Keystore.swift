internal import CryptoCore
internal import DurableFiles
internal import Failures
public import KeyFormats
internal import KeyOperations
public import Registry

/// The private side of a home: one folder for each identity, with its sealed private keys.
///
/// A keystore owns the home's registry and audit log. Commands and the chat's server make one for
/// a home. Every change runs under the home's lock, on the newest state, in `change`.
public struct Keystore: Sendable {
    /// The home.
    public let home: Home
    /// The home's own registry.
    public private(set) var registry: Registry
    /// The log of uses and changes.
    public let audit: AuditLog
    /// The providers of private keys.
    public let providers: KeyProviders
    /// Whether a change waits while another process holds the home's lock.
    ///
    /// If not, the change throws `KeystoreError`, and the caller may try again later.
    public var waitsForLock = true
    /// Gets the number of the registry's lines after each change that added lines; called without the
    /// home's lock.
    public var whenRegistryGrew: @Sendable (_ lineCount: Int) -> Void = { _ in }

    /// Opens a home, and finishes what a crash left unfinished: statements that reached an
    /// identity's file but not the registry.
    ///
    /// A missing home counts as empty; the first change makes it. `whenUnaudited` gets the reason
    /// if an entry of the audit log cannot be written. Throws `FileError` if other users can read
    /// the home or a file cannot be read, and `RegistryError` if the registry is damaged.
    public init(
        home: Home,
        providers: KeyProviders = .builtIn,
        whenUnaudited: @escaping @Sendable (any Error) -> Void = { _ in }
    ) throws {
        // Asked once, because another process may be making the home right now.
        let isThere = home.exists
        if isThere {
            try home.prepare()
        } else if home.isInUse {
            try home.requirePrivate()
        } else if DurableFile.exists(home.path) {
            try DurableFile.makeFolder(home.path)  // throws if it is a file
        }
        self.home = home
        self.providers = providers
        audit = AuditLog(path: home.auditPath, whenUnwritten: whenUnaudited)
        registry = try Registry(path: home.registryPath, checkpointPath: home.checkpointPath)
        guard isThere else { return }
        try removeStaleDrafts()
        try heal()
    }

    /// Finishes what a crash left unfinished, if the home can be written.
    private mutating func heal() throws {
        var (found, aside) = try storedIdentities()
        leftAside = aside
        let isUnfinished = try found.contains { try self.isUnfinished($0) }
        unfollowed = strangers(among: found)
        guard
            isUnfinished || registry.hasTornTail || !unfollowed.isEmpty || !abandonedDrafts.isEmpty
        else { return }
        // On a read-only file system, commands that only read still work.
        guard DurableFile.isWritable(home.path) else { return }
        // Another process may be in the middle of a change. Under its lock, no process is.
        let lock = try home.lock()
        try registry.lookAgain()
        (found, leftAside) = try storedIdentities()
        removeAbandonedDrafts()
        for record in found {
            // An identity that cannot be repaired disables no other.
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

    /// The user's own identities whose statements the registry cannot follow.
    ///
    /// The registry has another key or another history for the name. Commands report these names;
    /// nothing repairs them silently.
    public private(set) var unfollowed: [KeyName] = []

    /// The folders in `identities/` that cannot be used, each with the reason.
    ///
    /// All others work.
    public private(set) var leftAside: [LeftAside] = []

    /// Whether a crash left a torn line at the end of the registry's log.
    public var hasTornRegistry: Bool { registry.hasTornTail }

    // MARK: Looking

    /// Returns the user's own identities, sorted by name.
    ///
    /// A key that the registry knows as revoked is revoked here, whatever the identity's file says.
    /// Throws if the folder of identities cannot be read.
    public func records() throws -> [IdentityRecord] {
        try storedRecords().map { $0.revoked(asIn: registry.state) }
    }

    /// Returns the user's own identity of this name; throws `KeystoreError` if there is none.
    public func record(_ name: KeyName) throws -> IdentityRecord {
        guard let record = try storedRecord(name) else {
            throw registry.state.identity(name) == nil
                ? KeystoreError.unknownIdentity(name) : KeystoreError.publicHalf(name)
        }
        return record.revoked(asIn: registry.state)
    }

    /// Returns the only identity of a person in this home.
    ///
    /// Throws `KeystoreError` if there is none, if there are several (and lists them), or if one
    /// cannot be used.
    public func defaultRecord() throws -> IdentityRecord {
        let records = try records().filter { !$0.isServer }
        // The user may mean an identity that cannot be used.
        let unusable = leftAside.compactMap(\.name)
        guard unusable.isEmpty else { throw KeystoreError.unusable(unusable) }
        guard let first = records.first else { throw KeystoreError.noIdentity }
        guard records.count == 1 else { throw KeystoreError.ambiguous(records.map(\.name)) }
        return first
    }

    /// Returns whether unlocking this identity needs a passphrase.
    ///
    /// Throws `KeystoreError` if the sealed file is missing or damaged.
    public func needsPassphrase(_ record: IdentityRecord) throws -> Bool {
        try readSealed(record).lock.derivation != nil
    }

    // MARK: Changing

    /// Makes the home if it is missing.
    ///
    /// Throws `KeystoreError` if only a part of a home is there: a new, empty folder of identities
    /// would hide the loss. Throws `FileError` if a folder cannot be made.
    public func prepareHome() throws {
        guard !home.exists else { return try home.prepare() }
        try DurableFile.makeFolder(home.path)
        try DurableFile.requirePrivate(home.path)
        // Two processes may use a home first. Under the lock, none has begun or one is done.
        let lock = try home.lock()
        guard home.exists || !home.isInUse else { throw KeystoreError.noIdentities(home) }
        try home.prepare()
        _ = consume lock
    }

    /// Runs a change under the home's lock on the newest state, and logs its result.
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
            let before = registry.count
            let result = try body(&self)
            _ = consume lock
            if registry.count != before { whenRegistryGrew(registry.count) }
            return result
        }
    }

    /// Has keys sign for a change before the home's lock is taken; logs a failure as the change's.
    ///
    /// A key may wait for a person for minutes, and nobody else can change the home under the lock.
    func signing<Signed>(
        _ event: String,
        _ name: KeyName,
        version: Int? = nil,
        _ body: () throws -> Signed
    ) throws -> Signed {
        do { return try body() } catch {
            audit.append(event, name, version: version, failure: error)
            throw error
        }
    }

    /// Appends statements to the user's own registry; `make` gets its newest state under the lock.
    ///
    /// Throws `RegistryError` if the registry refuses a statement, and what `make` throws.
    @discardableResult
    public mutating func changeRegistry(
        _ event: String,
        _ name: KeyName? = nil,
        _ make: (RegistryState) throws -> [Statement]
    ) throws -> [Statement] {
        // A refused change makes no home.
        if !home.exists { _ = try make(registry.state) }
        return try change(event, name) { keystore in
            let statements = try make(keystore.registry.state)
            try keystore.registry.append(statements)
            return statements
        }
    }

    /// Stores another owner's registry as a mirror; every line of it was judged before.
    ///
    /// Throws `RegistryError` if it does not continue the lines that were seen before.
    package mutating func mirror(
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

    /// Signs a checkpoint of the registry as it stands, stores it, and returns the note.
    ///
    /// Throws `KeystoreError` if the identity may not sign.
    public mutating func signCheckpoint(_ unlocked: UnlockedIdentity) throws -> [UInt8] {
        let key = try unlocked.signingKey(at: .now)
        let owner = unlocked.record.identity.id
        try refresh()
        let signed = Checkpoint(owner: owner, tree: registry.tree)
        let note = try signing("checkpoint", unlocked.record.name) {
            try signed.note(signedBy: key)
        }
        return try change("checkpoint", unlocked.record.name) { keystore in
            var newest = note
            let present = Checkpoint(owner: owner, tree: keystore.registry.tree)
            if present != signed {
                // Another process appended lines meanwhile; a key that asks nobody signs again.
                guard key.capabilities.confirmation == .none else {
                    throw KeystoreError.changedMeanwhile(unlocked.record.name)
                }
                newest = try present.note(signedBy: key)
            }
            try DurableFile.replace(keystore.home.checkpointPath, with: newest.borrowedBytes)
            return newest
        }
    }

    /// Reads the lines that other processes appended to the registry; returns whether it changed.
    ///
    /// Throws `RegistryError` if the log does not continue the known lines.
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

    /// Throws `KeystoreError` if no identity of this name can be made.
    public func requireFree(_ name: KeyName) throws {
        guard !DurableFile.exists(identityPath(name)) else { throw KeystoreError.nameTaken(name) }
        // If parts of a lost identity are there, this throws the reason.
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
