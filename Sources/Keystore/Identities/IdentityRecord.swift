internal import CryptoCore
internal import DurableFiles
public import Failures
public import KeyFormats
public import Registry

/// The public side of the user's own identity: the file `identity` in its folder.
///
/// States of versions are not stored: replaying the identity's statements gives them. `Keystore`
/// reads and writes records. The format is in docs/keystore-format.md.
public struct IdentityRecord: Sendable {
    static let largestByteCount = 32 << 20
    static let heading = FileHeading("keyctl-identity", version: 2)
    /// That of a file all of whose keys are sealed in the keystore.
    static let sealedHeading = FileHeading("keyctl-identity", version: 1)

    /// A version whose key was made in advance.
    public struct Pending: Sendable, Hashable {
        /// The number that the version will have.
        public let number: Int
        /// The public key as SubjectPublicKeyInfo (DER).
        public let keyDER: [UInt8]
        /// When the key was made.
        public let since: Timestamp
        /// When the version will expire; `nil`: never.
        public let expires: Timestamp?
    }

    /// The identity's name.
    public let name: KeyName
    /// Whether a server runs under the identity.
    ///
    /// Such an identity is never a default.
    public let isServer: Bool
    /// The owner's note.
    public let comment: String
    /// The number `n` of the file `sealed.<n>` with the private keys.
    let sealedNumber: Int
    /// The statement that registered the identity: `register` or `replace`.
    let registration: Statement
    /// The identity's own statements, oldest first: rotations, amendments and revocations.
    public private(set) var chain: [Statement]
    /// The versions and their states, as the statements give them.
    public private(set) var identity: RegisteredIdentity
    /// How often the identity is rotated, and how many keys are kept.
    public internal(set) var policy: RotationPolicy
    /// Whether the identity is not registered yet: its only version waits for `promote`.
    public let isPending: Bool
    /// The next version, if it was made in advance.
    public internal(set) var pending: Pending?
    /// For each destroyed version, the time from which its private key is gone for good.
    public internal(set) var destroyed: [Int: Timestamp]
    /// The versions whose private keys are not sealed in the keystore, and where those are kept.
    private var placesElsewhere: [Int: KeyPlace]

    init(
        name: KeyName,
        isServer: Bool,
        comment: String,
        sealedNumber: Int,
        registration: Statement,
        chain: [Statement],
        policy: RotationPolicy = .none,
        isPending: Bool = false,
        pending: Pending? = nil,
        destroyed: [Int: Timestamp] = [:],
        placesElsewhere: [Int: KeyPlace] = [:]
    ) throws(RegistryError) {
        self.name = name
        self.isServer = isServer
        self.comment = comment
        self.sealedNumber = sealedNumber
        self.registration = registration
        self.chain = chain
        self.policy = policy
        self.isPending = isPending
        self.pending = pending
        self.destroyed = destroyed
        self.placesElsewhere = placesElsewhere
        identity = try IdentityRecord.replay(name, [registration] + chain)
    }

    private static func replay(
        _ name: KeyName,
        _ statements: [Statement]
    ) throws(RegistryError) -> RegisteredIdentity {
        var state = RegistryState()
        for statement in statements {
            // `replace` takes over a name in a registry. In this file it is the beginning.
            if case .replace(let name, let key, let expires) = statement.act {
                try state.apply(
                    Statement(
                        .register(name: name, key: key, expires: expires),
                        time: statement.time
                    )
                )
            } else {
                try state.apply(statement)
            }
        }
        guard let identity = state.identity(name) else {
            preconditionFailure("a registration registers another name")
        }
        return identity
    }

    /// Returns the same identity with one more statement; throws `RegistryError` if it does not
    /// fit.
    func adding(_ statement: Statement) throws(RegistryError) -> IdentityRecord {
        var record = self
        record.chain.append(statement)
        record.identity = try IdentityRecord.replay(name, [registration] + record.chain)
        return record
    }

    /// Returns the identity with those of the statements that are its own, and the list of these.
    ///
    /// They are revocations by its keys that revoke more than is known, and its amendments among
    /// `changes`. Throws `RegistryError` if a statement does not fit.
    func adopting(
        _ statements: [Statement],
        changes: [Statement]
    ) throws(RegistryError) -> (IdentityRecord, own: [Statement]) {
        let changes = Set(changes)
        var record = self
        var own: [Statement] = []
        for statement in statements {
            let isOwn =
                switch statement.act {
                case .revoke(let revocation):
                    !statement.isFromTheFuture(at: .now)
                        && record.learns(revocation, statement.time)
                case .amend(let amendment):
                    amendment.id == identity.id && changes.contains(statement)
                default: false
                }
            guard isOwn else { continue }
            record = try record.adding(statement)
            own.append(statement)
        }
        return (record, own)
    }

    /// Returns whether a statement is a revocation that the identity already contains, or a less
    /// strict one.
    func knows(_ statement: Statement) -> Bool {
        guard case .revoke(let revocation) = statement.act else { return false }
        return identity.versions.contains {
            $0.fingerprint == revocation.fingerprint && !$0.isLessRevoked(than: revocation.since)
        }
    }

    private func learns(_ revocation: Revocation, _ time: Timestamp) -> Bool {
        let version = identity.versions.first { $0.fingerprint == revocation.fingerprint }
        guard let version, version.isLessRevoked(than: revocation.since),
            let key = try? version.storedKey()
        else { return false }
        return revocation.isSigned(by: key, at: time)
    }

    /// Returns the same identity, with every key revoked that the registry knows as revoked.
    func revoked(asIn registry: RegistryState) -> IdentityRecord {
        var record = self
        record.identity = identity.revoked(asIn: registry)
        return record
    }

    /// Returns the same identity with another number of its sealed file.
    func moved(toSealed number: Int) throws(RegistryError) -> IdentityRecord {
        try IdentityRecord(
            name: name,
            isServer: isServer,
            comment: comment,
            sealedNumber: number,
            registration: registration,
            chain: chain,
            policy: policy,
            isPending: isPending,
            pending: pending,
            destroyed: destroyed,
            placesElsewhere: placesElsewhere
        )
    }

    /// Returns the same identity with its first version registered at `time`.
    func promoted(at time: Timestamp) throws(RegistryError) -> IdentityRecord {
        let first = identity.versions[0]
        return try IdentityRecord(
            name: name,
            isServer: isServer,
            comment: comment,
            sealedNumber: sealedNumber,
            registration: Statement(
                .register(name: name, key: first.keyDER, expires: first.expires),
                time: time
            ),
            chain: [],
            policy: policy,
            placesElsewhere: placesElsewhere
        )
    }

    /// Where the private key of a version is kept.
    public func place(of version: Int) -> KeyPlace { placesElsewhere[version] ?? .sealed }

    /// The versions whose private keys are not sealed in the keystore, oldest first.
    public var keysElsewhere: [(version: Int, place: KeyPlace)] {
        var found: [(version: Int, place: KeyPlace)] = []
        for version in keyVersions where place(of: version) != .sealed {
            found.append((version, place(of: version)))
        }
        return found
    }

    /// Notes where the private key of a new version is kept.
    mutating func keep(_ version: Int, at place: KeyPlace) {
        placesElsewhere[version] = place == .sealed ? nil : place
    }

    /// The versions whose private keys this identity may have, pending ones too.
    var keyVersions: [Int] {
        identity.versions.map(\.number) + (pending.map { [$0.number] } ?? [])
    }

    /// The public half of a version's key, as SubjectPublicKeyInfo.
    func keyDER(of version: Int) -> [UInt8]? {
        pending?.number == version ? pending?.keyDER : identity.version(version)?.keyDER
    }

    /// Whether a version's private key can be used.
    public func hasKey(_ version: Int) -> Bool { destroyed[version] == nil }

    /// Returns whether the version's private key is gone for good at `time`.
    public func isGone(_ version: Int, at time: Timestamp) -> Bool {
        destroyed[version].map { $0 <= time } ?? false
    }

    /// When the policy asks for the next rotation; `nil` without such a policy.
    public var rotationDue: Timestamp? {
        guard let every = policy.rotateEvery, let active = identity.active, !isPending else {
            return nil
        }
        return active.since.adding(every)
    }

    /// The versions whose private keys the policy no longer keeps.
    public var superfluous: [Int] {
        guard let keep = policy.keep else { return [] }
        return identity.versions.dropLast(keep).map(\.number).filter { destroyed[$0] == nil }
    }

    /// Returns the version that signs.
    ///
    /// Throws `KeystoreError` if the latest version may not sign: pending, expired, retired or
    /// revoked.
    public func signingVersion(at time: Timestamp) throws(KeystoreError) -> RegisteredVersion {
        try version(for: .sign, at: time)
    }

    /// Returns the version that may change the identity; an expired one may.
    func activeVersion() throws(KeystoreError) -> RegisteredVersion {
        try version(for: .change, at: .now)
    }

    /// Returns the latest version if it may be used for `use`.
    ///
    /// Throws `KeystoreError` if it may not: pending, expired, retired or revoked.
    public func version(
        for use: KeyUse,
        at time: Timestamp
    ) throws(KeystoreError) -> RegisteredVersion {
        guard !isPending else { throw KeystoreError.pending(name) }
        let latest = identity.latest
        let standing = identity.standing(of: latest, for: use, at: time)
        guard !use.allows(standing) else { return latest }
        switch standing {
        case .revoked, .frozen, .removed:
            throw KeystoreError.revoked(name, version: latest.number)
        case .expired(let expires): throw KeystoreError.expired(name, at: expires)
        case .retired, .active: throw KeystoreError.retired(name, version: latest.number)
        }
    }
}
