internal import CryptoCore
internal import DurableFiles
public import KeyFormats
public import Registry

/// The public side of one's own identity: the file `identity` of its folder.
///
/// States are not stored: they follow from the identity's own statements.
public struct IdentityRecord: Sendable {
    static let largestByteCount = 32 << 20
    static let heading = FileHeading("keyctl-identity", version: 2)
    /// That of a file all of whose keys are sealed in the keystore.
    static let sealedHeading = FileHeading("keyctl-identity", version: 1)

    /// A key that was made in advance.
    public struct Pending: Sendable, Hashable {
        /// The version that it will be.
        public let number: Int
        /// As SubjectPublicKeyInfo.
        public let keyDER: [UInt8]
        /// When it was made.
        public let since: Timestamp
        /// When it will expire.
        public let expires: Timestamp?
    }

    /// Its name.
    public let name: KeyName
    /// Whether a server runs under it, so that it is nobody's default.
    public let isServer: Bool
    /// What its owner noted.
    public let comment: String
    /// Which `sealed.<n>` holds its private keys.
    let sealedNumber: Int
    /// How it was registered, then its own statements, oldest first.
    let registration: Statement
    /// Its own statements: rotations, changes and revocations, oldest first.
    public private(set) var chain: [Statement]
    /// Versions and states, as the statements give them.
    public private(set) var identity: RegisteredIdentity
    /// When it is rotated, and what is kept.
    public internal(set) var policy: RotationPolicy
    /// Whether nobody was told of it yet: its only version waits to be promoted.
    public let isPending: Bool
    /// The next version, where it was made in advance.
    public internal(set) var pending: Pending?
    /// Versions whose private key is gone, or goes at the time given.
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
            // What took another's place elsewhere is a beginning here.
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

    /// The same identity with one statement more.
    func adding(_ statement: Statement) throws(RegistryError) -> IdentityRecord {
        var record = self
        record.chain.append(statement)
        record.identity = try IdentityRecord.replay(name, [registration] + record.chain)
        return record
    }

    /// The identity with what is its own among statements, and which those are: revocations by its
    /// keys that take back more than is known, and its own among the changes.
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
                    record.learns(revocation, statement.time)
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

    /// Whether a statement revokes one of its keys no more than is known.
    func knows(_ statement: Statement) -> Bool {
        guard case .revoke(let revocation) = statement.act else { return false }
        return identity.versions.contains {
            $0.fingerprint == revocation.fingerprint && !$0.isLessRevoked(than: revocation.since)
        }
    }

    private func learns(_ revocation: Revocation, _ time: Timestamp) -> Bool {
        let version = identity.versions.first { $0.fingerprint == revocation.fingerprint }
        guard let version, version.isLessRevoked(than: revocation.since),
            time <= Timestamp.now.adding(seconds: RegistryState.toleratedSeconds),
            let key = try? version.storedKey()
        else { return false }
        return revocation.isSigned(by: key, at: time)
    }

    /// The same identity, with those of its keys revoked that a registry knows to be.
    func revoked(asIn registry: RegistryState) -> IdentityRecord {
        var record = self
        record.identity = identity.revoked(asIn: registry)
        return record
    }

    /// The same identity with another sealed file.
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

    /// The same identity, which others may know from `time` on.
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

    /// Whether a version's private key is gone for good.
    public func isGone(_ version: Int, at time: Timestamp) -> Bool {
        destroyed[version].map { $0 <= time } ?? false
    }

    /// When the policy asks for the next rotation.
    public var rotationDue: Timestamp? {
        guard let every = policy.rotateEvery, let active = identity.active, !isPending else {
            return nil
        }
        return active.since.adding(every)
    }

    /// The versions whose private keys the policy does not keep any longer.
    public var superfluous: [Int] {
        guard let keep = policy.keep else { return [] }
        return identity.versions.dropLast(keep).map(\.number).filter { destroyed[$0] == nil }
    }

    /// The version that signs; throws `KeystoreError` where it is not to be used.
    public func signingVersion(at time: Timestamp) throws(KeystoreError) -> RegisteredVersion {
        try version(for: .sign, at: time)
    }

    /// The version that changes the identity, though its date may have passed.
    func activeVersion() throws(KeystoreError) -> RegisteredVersion {
        try version(for: .change, at: .now)
    }

    /// The latest version, for a use; throws `KeystoreError` where it may not be used so.
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
