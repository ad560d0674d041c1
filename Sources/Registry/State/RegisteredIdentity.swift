public import CryptoCore
public import KeyFormats

/// One version of a registered identity's key.
public struct RegisteredVersion: Sendable, Hashable {
    /// Where a version stands in its life.
    public enum State: Sendable, Hashable {
        /// In use.
        case active
        /// Followed by another; what it signed before still counts.
        case retired
        /// Not to be trusted any more, from `since` on; with no time, not for anything it signed.
        ///
        /// `said` is when that was declared.
        case revoked(since: Timestamp?, said: Timestamp, reason: String)
    }

    /// Its number, from 1.
    public internal(set) var number: Int
    /// The key as SubjectPublicKeyInfo.
    public let keyDER: [UInt8]
    /// When the registry learned of it.
    public let since: Timestamp
    /// When it expires, where that was said.
    public internal(set) var expires: Timestamp?
    /// Where it stands.
    public internal(set) var state: State
    /// The key's fingerprint; `nil` where the key cannot be read.
    public let fingerprint: Fingerprint?

    init(
        number: Int,
        keyDER: [UInt8],
        since: Timestamp,
        expires: Timestamp?,
        state: State
    ) {
        self.number = number
        self.keyDER = keyDER
        self.since = since
        self.expires = expires
        self.state = state
        fingerprint = Fingerprint(ofSPKI: keyDER)
    }

    /// What the key is found by.
    package var lookup: SHA256Digest { fingerprint?.digest ?? SHA256Digest(hashing: keyDER) }

    /// The key, parsed, even if it is weak and was accepted by name: for looking at it, and for
    /// what was signed or encrypted with it before.
    public func storedKey() throws(KeyFormatError) -> PublicKey {
        try PublicKey(spkiDER: keyDER, allowingWeak: true)
    }

    /// The key, parsed; throws where it is weak.
    public func publicKey() throws(KeyFormatError) -> PublicKey { try PublicKey(spkiDER: keyDER) }

    /// Whether a revocation since that time would take more back than what is known; `nil` takes
    /// back everything.
    public func isLessRevoked(than since: Timestamp?) -> Bool {
        guard case .revoked(let known, _, _) = state else { return true }
        guard let known else { return false }
        return since.map { $0 < known } ?? true
    }

    /// Whether it is revoked.
    public var isRevoked: Bool {
        if case .revoked = state { true } else { false }
    }
}

/// A name with its versions, as replaying a registry's log gives it.
public struct RegisteredIdentity: Sendable {
    /// The name.
    public let name: KeyName
    /// SHA-256 of version 1's key.
    ///
    /// Of the first key known, until a chain tells the beginning.
    public internal(set) var id: SHA256Digest
    /// All versions, oldest first.
    public internal(set) var versions: [RegisteredVersion]
    /// What the person may do in a chat.
    public internal(set) var role = Role.member
    /// Whether the registry's owner removed the name.
    public internal(set) var isRemoved = false
    /// The two keys of a fork; while it lasts, no version is used.
    public internal(set) var fork: (Fingerprint?, Fingerprint?)?
    /// The version that the two contend for; what came before it is not in doubt.
    public internal(set) var forkedVersion = 0
    /// The hashes of the identity's own statements, oldest first: rotations and changes.
    public internal(set) var chain: [SHA256Digest] = []
    /// When the owner compared the key in person; carried along by rotations, not by replacements.
    public internal(set) var verified: Timestamp?
    /// Versions from before the key was replaced by hand: trusted for nothing, but not forgotten.
    public internal(set) var former: [RegisteredVersion] = []
    /// Whether the key was accepted by hand in the place of another, without a chain.
    public internal(set) var wasReplaced = false

    /// A name's first version.
    init(
        name: KeyName,
        first key: [UInt8],
        expires: Timestamp?,
        at time: Timestamp,
        id: SHA256Digest
    ) {
        let version = RegisteredVersion(
            number: 1,
            keyDER: key,
            since: time,
            expires: expires,
            state: .active
        )
        self.init(name: name, id: id, versions: [version])
    }

    init(name: KeyName, id: SHA256Digest, versions: [RegisteredVersion]) {
        self.name = name
        self.id = id
        self.versions = versions
    }

    /// The hash that the identity's next statement follows: of its latest one, at first its id.
    public var chainHead: SHA256Digest { chain.last ?? id }

    /// The version in use; none while the name is removed, frozen or revoked.
    public var active: RegisteredVersion? {
        guard !isRemoved, fork == nil else { return nil }
        return versions.last { $0.state == .active }
    }

    /// The latest version, whatever its state.
    public var latest: RegisteredVersion { versions[versions.count - 1] }

    /// Its id, and those that the name had before its key was replaced by hand.
    public var ids: Set<SHA256Digest> {
        Set([id] + former.filter { $0.number == 1 }.map { SHA256Digest(hashing: $0.keyDER) })
    }

    /// The version that a rotation leaves, and what follows it here, where that is another key.
    func fork(by rotation: Rotation) -> (from: RegisteredVersion, next: RegisteredVersion)? {
        guard let index = versions.firstIndex(where: { $0.keyDER == rotation.oldKey }),
            index + 1 < versions.count, versions[index + 1].keyDER != rotation.newKey
        else { return nil }
        return (versions[index], versions[index + 1])
    }

    /// Whether a chain that began before its only version may turn out to be its own.
    var mayBeginEarlier: Bool {
        versions.count == 1 && chain.isEmpty && versions[0].state == .active && fork == nil
    }

    /// The same identity, with those of its keys revoked that a registry knows to be.
    public func revoked(asIn registry: RegistryState) -> RegisteredIdentity {
        var identity = self
        for index in versions.indices {
            let state = registry.revokedKeys[versions[index].lookup]
            guard let state, case .revoked(let since, _, _) = state,
                versions[index].isLessRevoked(than: since)
            else { continue }
            identity.versions[index].state = state
        }
        return identity
    }

    /// The version with this number.
    public func version(_ number: Int) -> RegisteredVersion? {
        versions.first { $0.number == number }
    }
}
