public import CryptoCore
public import KeyFormats

/// One version of a registered identity's key.
public struct RegisteredVersion: Sendable, Hashable {
    /// The state of a version.
    public enum State: Sendable, Hashable {
        /// It is in use.
        case active
        /// It has a successor, or was ended. Its signatures still count.
        case retired
        /// It is not to be trusted from `since` on; if `since` is `nil`, nothing that it signed
        /// counts.
        ///
        /// `said` is the time of the revocation.
        case revoked(since: Timestamp?, said: Timestamp, reason: String)
    }

    /// The number of the version, counted from 1.
    public internal(set) var number: Int
    /// The public key as SubjectPublicKeyInfo (DER).
    public let keyDER: [UInt8]
    /// When the registry learned of the version.
    public let since: Timestamp
    /// When the version expires; `nil`: never.
    public internal(set) var expires: Timestamp?
    /// The state of the version.
    public internal(set) var state: State
    /// The key's fingerprint; `nil` if the key cannot be read.
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

    /// The digest by which the key is found.
    package var lookup: SHA256Digest { fingerprint?.digest ?? SHA256Digest(hashing: keyDER) }

    /// Returns the parsed key, even if it is weak: a weak key may have been accepted by name, and
    /// old signatures and files need it.
    ///
    /// Throws `KeyFormatError` if the key cannot be read.
    public func storedKey() throws(KeyFormatError) -> PublicKey {
        try PublicKey(spkiDER: keyDER, allowingWeak: true)
    }

    /// Returns the parsed key; throws `KeyFormatError` if it is weak or cannot be read.
    public func publicKey() throws(KeyFormatError) -> PublicKey { try PublicKey(spkiDER: keyDER) }

    /// Returns whether a revocation from `since` on would revoke more than is known; `nil` revokes
    /// everything.
    public func isLessRevoked(than since: Timestamp?) -> Bool {
        guard case .revoked(let known, _, _) = state else { return true }
        guard let known else { return false }
        return since.map { $0 < known } ?? true
    }

    /// Whether the version is revoked.
    public var isRevoked: Bool {
        if case .revoked = state { true } else { false }
    }
}

/// A name with its versions, as replaying a registry's log gives it.
public struct RegisteredIdentity: Sendable {
    /// The identity's name.
    public let name: KeyName
    /// SHA-256 of version 1's key.
    ///
    /// Before a chain shows version 1, it is the digest of the first known key.
    public internal(set) var id: SHA256Digest
    /// All versions, oldest first; never empty.
    public internal(set) var versions: [RegisteredVersion]
    /// The role of the identity in a chat.
    public internal(set) var role = Role.member
    /// Whether the registry's owner removed the name.
    public internal(set) var isRemoved = false
    /// The fingerprints of the two contending keys of a fork.
    ///
    /// With a fork, no version is used.
    public internal(set) var fork: (Fingerprint?, Fingerprint?)?
    /// The number of the contended version.
    ///
    /// Versions before it are not in doubt.
    public internal(set) var forkedVersion = 0
    /// The hashes of the identity's own rotations and amendments, oldest first.
    public internal(set) var chain: [SHA256Digest] = []
    /// When the owner compared the key in person.
    ///
    /// It survives rotations, but not replacements.
    public internal(set) var verified: Timestamp?
    /// Versions from before the key was replaced by hand.
    ///
    /// They are not trusted, but remembered.
    public internal(set) var former: [RegisteredVersion] = []
    /// Whether the owner accepted the key by hand in place of another one, without a chain.
    public internal(set) var wasReplaced = false

    /// Makes an identity with its first version.
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

    /// The hash that the identity's next statement must name: the latest statement's, or the id.
    public var chainHead: SHA256Digest { chain.last ?? id }

    /// The active version; `nil` if the name is removed or frozen, or the version is revoked or
    /// retired.
    public var active: RegisteredVersion? {
        guard !isRemoved, fork == nil else { return nil }
        return versions.last { $0.state == .active }
    }

    /// The latest version, whatever its state.
    public var latest: RegisteredVersion { versions[versions.count - 1] }

    /// The id, and the ids that the name had before its key was replaced by hand.
    public var ids: Set<SHA256Digest> {
        Set([id] + former.filter { $0.number == 1 }.map { SHA256Digest(hashing: $0.keyDER) })
    }

    /// Returns the version that a rotation starts from, and its successor here, if that is another
    /// key.
    func fork(by rotation: Rotation) -> (from: RegisteredVersion, next: RegisteredVersion)? {
        // A chain may lead back to an old key, so the number counts where the id is the same.
        let index = versions.firstIndex { version in
            version.keyDER == rotation.oldKey
                && (rotation.id != id || version.number == rotation.from)
        }
        guard let index, index + 1 < versions.count, versions[index + 1].keyDER != rotation.newKey
        else { return nil }
        return (versions[index], versions[index + 1])
    }

    /// Whether a chain that begins before the only version may belong to this identity.
    var mayBeginEarlier: Bool {
        versions.count == 1 && chain.isEmpty && versions[0].state == .active && fork == nil
    }

    /// Returns the same identity, with every key revoked that a registry knows as revoked.
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

    /// Returns the version with this number.
    public func version(_ number: Int) -> RegisteredVersion? {
        versions.first { $0.number == number }
    }
}
