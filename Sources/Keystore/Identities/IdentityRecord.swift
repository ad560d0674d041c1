internal import CryptoCore
internal import DurableFiles
internal import Failures
public import KeyFormats
public import Registry

/// The public side of the user's own identity: the file `identity` in its folder.
///
/// States of versions are not stored: replaying the identity's statements gives them. `Keystore`
/// reads and writes records. The format is in docs/keystore-format.md.
public struct IdentityRecord: Sendable {
    static let largestByteCount = 32 << 20
    private static let heading = FileHeading("keyctl-identity", version: 1)

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
        destroyed: [Int: Timestamp] = [:]
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
            time <= Timestamp.now.adding(seconds: RegistryState.toleratedSeconds),
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
            destroyed: destroyed
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
            policy: policy
        )
    }

    /// Returns whether the version's private key can be used: it is not destroyed.
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

    // MARK: The file

    var encoded: [UInt8] {
        var text = Array(
            """
            \(IdentityRecord.heading)
            name \(name)
            use \(isServer ? "server" : "person")
            sealed \(sealedNumber)
            comment \(Base64.encode(Array(comment.utf8)))
            policy \(policy.text)
            pending \(pendingText)
            destroyed \(destroyedText)

            """.utf8
        )
        for statement in [registration] + chain { text += statement.line + [UInt8(ascii: "\n")] }
        return text
    }

    private var pendingText: String {
        if isPending { return "first" }
        guard let pending else { return "-" }
        return "\(pending.since) \(pending.expires?.description ?? "-") "
            + Base64.encode(pending.keyDER)
    }

    private var destroyedText: String {
        guard !destroyed.isEmpty else { return "-" }
        return destroyed.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
    }

    init(_ bytes: [UInt8], path: String) throws {
        try IdentityRecord.heading.requireKnownVersion(bytes, path: path)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func damaged(_ why: String) -> KeystoreError { KeystoreError.damaged(path, why) }
        guard lines.count >= 10, lines[0] == IdentityRecord.heading.description, lines.last == ""
        else {
            throw damaged("its layout is not that of keyctl-identity v1")
        }
        func field(_ index: Int, _ name: String) throws -> String {
            guard lines[index].hasPrefix(name + " ") else {
                throw damaged("its field \"\(name)\" is missing")
            }
            return String(lines[index].dropFirst(name.utf8.count + 1))
        }
        let use = try field(2, "use")
        guard let sealed = Int(try field(3, "sealed")),
            IdentityRecord.sealedNumbers.contains(sealed),
            use == "person" || use == "server",
            let comment = Base64.decode(try field(4, "comment")),
            let policy = RotationPolicy(try field(5, "policy")),
            let destroyed = IdentityRecord.destroyed(try field(7, "destroyed"))
        else { throw damaged("its fields cannot be read") }
        do {
            let name = try KeyName(field(1, "name"))
            let statements = try lines[8..<(lines.count - 1)].map {
                try Statement(line: Array($0.utf8))
            }
            switch statements[0].act {
            case .register(name, _, _), .replace(name, _, _): break
            default: throw damaged("it does not begin with a registration")
            }
            let pending = try field(6, "pending")
            try self.init(
                name: name,
                isServer: use == "server",
                comment: String(decoding: comment, as: UTF8.self),
                sealedNumber: sealed,
                registration: statements[0],
                chain: Array(statements.dropFirst()),
                policy: policy,
                isPending: pending == "first",
                destroyed: destroyed
            )
            if pending != "first", pending != "-" {
                self.pending = IdentityRecord.pending(pending, number: identity.latest.number + 1)
            }
        } catch let error as KeystoreError {
            throw error
        } catch let error as any ReportableError {
            throw damaged(error.message)
        }
        guard encoded == bytes else { throw damaged("it is not written in its canonical form") }
    }

    private static func pending(_ text: String, number: Int) -> Pending? {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 3, let since = try? Timestamp(fields[0]),
            let key = Base64.decode(fields[2])
        else { return nil }
        let expires = fields[1] == "-" ? nil : try? Timestamp(fields[1])
        return Pending(number: number, keyDER: key, since: since, expires: expires)
    }

    private static func destroyed(_ text: String) -> [Int: Timestamp]? {
        var destroyed: [Int: Timestamp] = [:]
        for item in text == "-" ? [] : text.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let number = Int(parts[0]),
                let time = try? Timestamp(parts[1])
            else { return nil }
            destroyed[number] = time
        }
        return destroyed
    }
}
