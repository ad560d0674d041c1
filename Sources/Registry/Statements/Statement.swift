public import CryptoCore
public import KeyFormats

/// One line of a registry's log: `<kind> time=<time> <field>=<value> …` (docs/registry-format.md).
public struct Statement: Hashable, Sendable {
    /// The act of a statement.
    public enum Act: Hashable, Sendable {
        /// The owner of the registry adds a name with its first key.
        case register(name: KeyName, key: [UInt8], expires: Timestamp?)
        /// The owner accepts another key for a name, without a chain that leads to it.
        case replace(name: KeyName, key: [UInt8], expires: Timestamp?)
        /// The owner removes a name.
        case remove(name: KeyName)
        /// The owner gives a name a role.
        case assign(name: KeyName, role: Role)
        /// An identity changes to its next version.
        case rotate(Rotation)
        /// An identity renews its version in use, or retires it without a successor.
        case amend(Amendment)
        /// A key revokes itself by its own signature.
        case revoke(Revocation)
        /// The owner revokes a version of another person's key.
        case disown(name: KeyName, version: Int, since: Timestamp?, reason: String)
        /// The owner compared the key of a name with its holder, in person.
        case verify(name: KeyName, key: Fingerprint)
        /// The owner takes a `verify` back.
        case unverify(name: KeyName)
        /// The owner adds a name to a group.
        case join(group: KeyName, name: KeyName)
        /// The owner removes a name from a group.
        case leave(group: KeyName, name: KeyName)
        /// A version logs that it made a signature before this place of the log.
        case sign(LoggedSignature)
    }

    /// The largest line, in bytes (24 KiB): a rotation between two 16,384-bit keys fits.
    public static let largestByteCount = 24 << 10
    /// The bound of version numbers in statements.
    ///
    /// The number after it is a valid number, too.
    static let largestVersion = 1 << 31
    /// The largest reason, in bytes.
    public static let largestReasonByteCount = 200

    /// The act.
    public let act: Act
    /// The time of writing, by the writer's clock.
    public let time: Timestamp
    /// The line's bytes, without the line feed.
    public let line: [UInt8]

    /// Makes a statement.
    public init(_ act: Act, time: Timestamp) {
        self.act = act
        self.time = time
        line = Array(Statement.text(act, time).utf8)
    }

    /// Parses a line; throws `RegistryError` if it differs in any byte from what this type would
    /// write.
    ///
    /// Signatures are not checked here; `RegistryState.isSigned` checks them.
    public init(line: [UInt8]) throws(RegistryError) {
        guard line.count <= Statement.largestByteCount else {
            throw RegistryError.invalidStatement("it is too long")
        }
        var fields = try StatementFields(line)
        time = try fields.timestamp("time")
        act = try Statement.act(&fields)
        try fields.finish()
        self.line = line
        guard Statement.text(act, time).utf8.elementsEqual(line) else {
            throw RegistryError.invalidStatement("it is not written in its canonical form")
        }
    }

    /// The version that a statement is about: the new one of a rotation, the revoked one of a
    /// revocation.
    public var subjectVersion: Int? {
        switch act {
        case .rotate(let rotation): rotation.to
        case .revoke(let revocation): revocation.version
        case .disown(_, let version, _, _): version
        case .amend(let amendment): amendment.version
        case .sign(let record): record.version
        case .register, .replace, .remove, .assign, .verify, .unverify, .join, .leave: nil
        }
    }

    /// The fingerprint of the key that revokes itself; `nil` for other acts.
    public var revokedKey: Fingerprint? {
        if case .revoke(let revocation) = act { revocation.fingerprint } else { nil }
    }

    /// The rotation; `nil` for other acts.
    public var rotation: Rotation? { if case .rotate(let rotation) = act { rotation } else { nil } }

    /// The keys that the statement may bring into a registry, as SubjectPublicKeyInfo; both of a
    /// rotation.
    public var keys: [[UInt8]] {
        switch act {
        case .register(_, let key, _), .replace(_, let key, _): [key]
        case .rotate(let rotation): [rotation.oldKey, rotation.newKey]
        case .remove, .assign, .amend, .revoke, .disown, .verify, .unverify, .join, .leave, .sign:
            []
        }
    }

    /// Whether the statement stands beside its identity's chain: a revocation or a logged
    /// signature.
    var isAboutOneVersion: Bool {
        switch act {
        case .revoke, .sign: true
        case .rotate, .amend, .register, .replace, .remove, .assign, .disown, .verify, .unverify,
            .join, .leave:
            false
        }
    }

    /// The id of the identity whose own statement this is; `nil` for acts of the registry's owner.
    public var identityID: SHA256Digest? {
        switch act {
        case .rotate(let rotation): rotation.id
        case .amend(let amendment): amendment.id
        case .revoke(let revocation): revocation.id
        case .sign(let record): record.id
        case .register, .replace, .remove, .assign, .disown, .verify, .unverify, .join, .leave: nil
        }
    }

    /// The name that an act of the registry's owner is about; `nil` for an identity's own
    /// statements.
    public var name: KeyName? {
        switch act {
        case .register(let name, _, _), .replace(let name, _, _), .remove(let name),
            .assign(let name, _), .disown(let name, _, _, _), .verify(let name, _),
            .unverify(let name), .join(_, let name), .leave(_, let name):
            name
        case .rotate, .amend, .revoke, .sign: nil
        }
    }

    /// The leaf of this statement in the registry's Merkle tree (RFC 6962 § 2.1).
    public var leafHash: SHA256Digest { MerkleTree.leafHash(line) }

    private static func act(_ fields: inout StatementFields) throws(RegistryError) -> Act {
        switch fields.kind {
        case "register":
            return try .register(
                name: fields.name("name"),
                key: fields.base64("key"),
                expires: fields.optionalTimestamp("expires")
            )
        case "replace":
            return try .replace(
                name: fields.name("name"),
                key: fields.base64("key"),
                expires: fields.optionalTimestamp("expires")
            )
        case "remove": return try .remove(name: fields.name("name"))
        case "assign":
            let name = try fields.name("name")
            guard let role = Role(rawValue: try fields.next("role")) else {
                throw RegistryError.invalidStatement("its role is unknown")
            }
            return .assign(name: name, role: role)
        case "rotate": return try .rotate(Rotation(&fields))
        case "renew", "retire": return try .amend(Amendment(&fields))
        case "revoke": return try .revoke(Revocation(&fields))
        case "disown":
            return try .disown(
                name: fields.name("name"),
                version: fields.number("version"),
                since: fields.optionalTimestamp("since"),
                reason: fields.reason("reason")
            )
        case "verify":
            return try .verify(name: fields.name("name"), key: fields.fingerprint("fingerprint"))
        case "unverify": return try .unverify(name: fields.name("name"))
        case "join": return try .join(group: fields.name("group"), name: fields.name("name"))
        case "leave": return try .leave(group: fields.name("group"), name: fields.name("name"))
        case "sign": return try .sign(LoggedSignature(&fields))
        default: throw RegistryError.unknownKind
        }
    }

    private static func text(_ act: Act, _ time: Timestamp) -> String {
        switch act {
        case .register(let name, let key, let expires):
            "register time=\(time) name=\(name) key=\(Base64.encode(key))"
                + " expires=\(StatementFields.encode(expires))"
        case .replace(let name, let key, let expires):
            "replace time=\(time) name=\(name) key=\(Base64.encode(key))"
                + " expires=\(StatementFields.encode(expires))"
        case .remove(let name): "remove time=\(time) name=\(name)"
        case .assign(let name, let role): "assign time=\(time) name=\(name) role=\(role.rawValue)"
        case .rotate(let rotation): rotation.text(time)
        case .amend(let amendment): amendment.text(time)
        case .revoke(let revocation): revocation.text(time)
        case .disown(let name, let version, let since, let reason):
            "disown time=\(time) name=\(name) version=\(version)"
                + " since=\(StatementFields.encode(since))"
                + " reason=\(StatementFields.encode(reason: reason))"
        case .verify(let name, let key): "verify time=\(time) name=\(name) fingerprint=\(key)"
        case .unverify(let name): "unverify time=\(time) name=\(name)"
        case .join(let group, let name): "join time=\(time) group=\(group) name=\(name)"
        case .leave(let group, let name): "leave time=\(time) group=\(group) name=\(name)"
        case .sign(let record): record.text(time)
        }
    }
}
