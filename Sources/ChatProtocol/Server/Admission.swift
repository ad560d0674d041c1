public import CryptoCore
public import Failures
public import KeyFormats
public import Registry

/// Decides about logins by comparing a session certificate with the server's registry.
///
/// It is a value without I/O. The server's engine owns one.
public struct Admission: Sendable {
    /// A member who was admitted.
    public struct Member: Sendable, Hashable {
        /// The name in this server's registry.
        public let name: KeyName
        /// The id of the identity.
        public let identity: SHA256Digest
        /// The version of the key that issued the session's certificate.
        public let version: Int
    }

    private let chat: SHA256Digest
    private let room: String
    private let decoy: RSAPublicKey?

    /// Creates the judge of one chat and its room.
    ///
    /// The certificate of an unknown identity is compared with `decoy`, so that this refusal takes
    /// as long as the refusal of a known key.
    public init(chat: SHA256Digest, room: String, decoy: RSAPublicKey? = nil) {
        self.chat = chat
        self.room = room
        self.decoy = decoy
    }

    /// Returns the member that a certificate proves, by the present registry.
    ///
    /// Throws `ChatError`. An unknown identity and a wrong signature get the same error. Only the
    /// holder of a key learns that it was revoked, retired or has expired.
    public func judge(
        _ certificate: SessionCertificate,
        registry: RegistryState,
        at time: Timestamp
    ) throws(ChatError) -> Member {
        guard certificate.use == .client, certificate.chat == chat,
            let identity = registry.identity(id: certificate.identity),
            identity.role != .server, !identity.isRemoved,
            let version = identity.version(certificate.version),
            let key = try? version.publicKey()
        else {
            _ = decoy.map(certificate.certificate.isSigned)
            throw Admission.notAdmitted
        }
        guard certificate.certificate.isSigned(by: key.rsa) else { throw Admission.notAdmitted }
        // The client has now proved that it holds the key, so it may learn the reason.
        guard certificate.isIssued(by: key.rsa, at: time.seconds) else { throw Admission.clock }
        let standing = identity.standing(of: version, for: .login, at: time)
        if standing == .frozen { throw Admission.frozen(identity.name) }
        guard registry.isMember(identity.name, ofRoom: room) else {
            throw Admission.notInRoom(identity.name, room)
        }
        guard KeyUse.login.allows(standing) else {
            throw Admission.refusal(standing, identity.name, version.number)
        }
        return Member(name: identity.name, identity: identity.id, version: version.number)
    }

    /// Whether a running session may continue: retirement of its key does not end it, revocation
    /// and removal do.
    public func mayStay(
        _ member: Member,
        registry: RegistryState,
        at time: Timestamp
    ) -> ChatError? {
        guard let identity = registry.identity(id: member.identity), !identity.isRemoved,
            identity.name == member.name, let version = identity.version(member.version)
        else { return Admission.notAdmitted }
        let standing = identity.standing(of: version, for: .stay, at: time)
        if standing == .frozen { return Admission.frozen(member.name) }
        guard registry.isMember(member.name, ofRoom: room) else {
            return Admission.notInRoom(member.name, room)
        }
        guard !KeyUse.stay.allows(standing) else { return nil }
        return Admission.refusal(standing, member.name, version.number)
    }

    /// Returns the refusal for the holder of a key with this standing.
    private static func refusal(
        _ standing: KeyStanding,
        _ name: KeyName,
        _ version: Int
    ) -> ChatError {
        switch standing {
        case .revoked: revoked(name, version)
        case .retired: retired(name, version)
        case .expired: expired(name)
        case .frozen: frozen(name)
        case .removed, .active: notAdmitted
        }
    }

    /// The only answer to clients that have proved nothing.
    public static let notAdmitted = ChatError(
        .notAdmitted,
        "this server does not know your key",
        hint: "send your public key (keyctl export NAME) and its fingerprint to the server's "
            + "admin, who runs: keyctl import NAME.pub"
    )

    /// Returns the answer to the holder of a key whose statements were not all accepted.
    package static func refusedStatements(_ reason: any ReportableError) -> ChatError {
        let isUnfinished = reason.codeName == "too-much-work"
        return ChatError(
            .statementsRefused,
            "the server did not take the newest of your keys: \(reason.message)",
            hint: isUnfinished
                ? "connect again: each time, the server examines some of your new keys"
                : reason.hint
        )
    }

    static func notInRoom(_ name: KeyName, _ room: String) -> ChatError {
        ChatError(
            .notInRoom,
            "this room is for the group \(room), and you are not in it",
            hint: "ask the server's admin, who runs: keyctl group add \(room) \(name)"
        )
    }

    /// The identity has the largest allowed number of sessions.
    package static let tooManySessions = ChatError(
        .tooManySessions,
        "you are connected \(ServerLimits.sessionsPerMember) times, which is the most",
        hint: "end one of your other sessions"
    )

    static let clock = ChatError(
        .clock,
        "your session's certificate is not valid at the server's time",
        hint:
            "compare your clock with the server's: a difference of more than five minutes is "
            + "refused"
    )

    static func revoked(_ name: KeyName, _ version: Int) -> ChatError {
        ChatError(
            .revoked,
            "version \(version) of your key \"\(name)\" was revoked",
            hint:
                "make a new key (keyctl gen --user \(name) --replace), and have the admin compare "
                + "fingerprints and import the new key with --replace"
        )
    }

    static func retired(_ name: KeyName, _ version: Int) -> ChatError {
        ChatError(
            .retired,
            "version \(version) of your key \"\(name)\" was replaced by a newer version",
            hint: "log in from the keystore that holds the newer version, or bring it here"
        )
    }

    static func expired(_ name: KeyName) -> ChatError {
        ChatError(
            .expired,
            "your key \"\(name)\" has expired",
            hint: "make a new version: keyctl rotate --user \(name)"
        )
    }

    static func frozen(_ name: KeyName) -> ChatError {
        ChatError(
            .revoked,
            "your name \"\(name)\" is frozen: two different successors of your key are known",
            hint: "tell the admin in person which fingerprint is yours"
        )
    }
}
