internal import CryptoCore
internal import Failures

/// The keys of an agent, their terms, and the lock over all of them.
///
/// One per agent; the connections' machines ask and change it, on the agent's one thread. The time
/// is passed in.
public struct Keyring {
    private(set) var keys: [HeldKey] = []
    private var lock: KeyringLock?
    private var nextAttempt = AgentTime(milliseconds: 0)
    private var failedAttempts = 0
    private var uses: [HeldIdentity] = []

    /// Starts empty and unlocked.
    public init() {}

    /// Whether the agent is locked.
    public var isLocked: Bool { lock != nil }
    /// How many keys are held.
    public var count: Int { keys.count }

    // MARK: Time

    /// Removes what has come to its end.
    public mutating func expire(at now: AgentTime) {
        keys.removeAll { key in key.end.map { $0 <= now } ?? false }
    }

    /// When the next key comes to its end.
    public var nextEnd: AgentTime? { keys.compactMap(\.end).min() }

    // MARK: Changing

    /// Adds a key, or replaces it and its terms.
    mutating func add(_ key: HeldKey) throws(AgentError) {
        guard !isLocked else { throw AgentError.locked }
        if let index = keys.firstIndex(where: { $0.blob == key.blob }) {
            guard key.identity != nil || keys[index].identity == nil else {
                throw AgentError.holdsTwice
            }
            keys[index] = key
            return
        }
        guard keys.count < AgentLimits.keyCount else { throw AgentError.tooManyKeys }
        keys.append(key)
    }

    /// Removes a key, and with it all versions of its identity.
    mutating func remove(at index: Int) {
        guard let identity = keys[index].identity else {
            keys.remove(at: index)
            return
        }
        keys.removeAll { $0.identity?.id == identity.id && $0.identity?.home == identity.home }
    }

    /// Removes all keys of the identities of a name; returns whether there were any.
    mutating func remove(name: String) -> Bool {
        let before = keys.count
        keys.removeAll { $0.identity?.name == name }
        return keys.count < before
    }

    /// Removes all keys.
    public mutating func removeAll() { keys = [] }

    // MARK: Using

    /// The place of a key by its SSH form.
    func index(of blob: [UInt8]) -> Int? { keys.firstIndex { $0.blob == blob } }

    /// The place of an identity's key by its fingerprint.
    func index(of fingerprint: SHA256Digest) -> Int? {
        keys.firstIndex { $0.fingerprint == fingerprint && $0.identity != nil }
    }

    /// Notes that a key is used.
    mutating func use(at index: Int, now: AgentTime) { keys[index].lastUse = now }

    /// Notes that an identity signed for a connection of `ssh`, for the audit log.
    mutating func note(_ identity: HeldIdentity) { uses.append(identity) }

    /// The identities that signed for `ssh` since the last call.
    public mutating func takeUses() -> [HeldIdentity] {
        defer { uses = [] }
        return uses
    }

    // MARK: Locking

    /// Encrypts every private key under a passphrase, and forgets the plain ones.
    mutating func lock(_ passphrase: Passphrase) throws(AgentError) {
        guard !isLocked else { throw AgentError.locked }
        guard passphrase.bytes.count > 0 else { throw AgentError.emptyPassphrase }
        do throws(CryptoError) {
            var made = try KeyringLock()
            let wrapping = try made.key(passphrase)
            var sealed = keys
            for index in sealed.indices {
                sealed[index].material = try made.seal(sealed[index], wrapping.bytes)
            }
            made.confirm(try made.proof(wrapping.bytes))
            keys = sealed
            lock = made
        } catch { throw AgentError.failed(error.message) }
    }

    /// When the next attempt to unlock may be made.
    var unlockTime: AgentTime { nextAttempt }

    /// Decrypts the keys again; a wrong passphrase delays the next attempt.
    mutating func unlock(_ passphrase: Passphrase, now: AgentTime) throws(AgentError) {
        guard let lock else { throw AgentError.notLocked }
        do throws(CryptoError) {
            let wrapping = try lock.key(passphrase)
            guard lock.isProven(by: wrapping.bytes) else {
                failedAttempts += 1
                let delay = min(
                    failedAttempts * AgentLimits.unlockStepMilliseconds,
                    AgentLimits.longestUnlockMilliseconds
                )
                nextAttempt = now.adding(milliseconds: delay)
                throw CryptoError.wrongKey
            }
            var opened = keys
            for index in opened.indices {
                opened[index].material = try lock.open(opened[index], wrapping.bytes)
            }
            keys = opened
            self.lock = nil
            failedAttempts = 0
        } catch {
            guard error.code == .authenticationFailed else {
                throw AgentError.failed(error.message)
            }
            throw AgentError.wrongPassphrase
        }
    }
}
