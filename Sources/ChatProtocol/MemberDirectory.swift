package import CryptoCore
internal import KeyFormats
package import Registry

/// Who the members are, as one client sees it: the server's registry, checked line by line, with
/// what the user imported by hand above it.
package struct MemberDirectory: Sendable {
    /// The server's registry as it was shown so far.
    package private(set) var mirror: RegistryState
    package private(set) var tree: MerkleTree
    private let pins: RegistryState
    private let chat: SHA256Digest
    private let room: String
    private let pinnedOnly: Bool
    private var held: [WireRegistryUpdate] = []
    private static let largestSeriesCount = 4_096

    /// Somebody whose key opens what is said.
    struct Listener: Hashable {
        let name: KeyName
        let identity: SHA256Digest
        let version: Int
    }

    /// Somebody to encrypt to.
    struct Recipient {
        let identity: SHA256Digest
        let version: Int
        let expires: Timestamp?
        let key: RSAPublicKey
    }

    /// Starts from what was stored of the server's registry, and one's own.
    package init(
        chat: SHA256Digest,
        room: String,
        mirror: RegistryState,
        tree: MerkleTree,
        pins: RegistryState,
        pinnedOnly: Bool
    ) {
        self.chat = chat
        self.room = room
        self.mirror = mirror
        self.tree = tree
        self.pins = pins
        self.pinnedOnly = pinnedOnly
    }

    /// Takes lines of the server's registry; at the end of a series, returns those that are new,
    /// and the server's present key.
    ///
    /// Throws `ChatError` where a line does not fit, an identity's own statement is not signed by
    /// it, or the checkpoint does not match.
    mutating func take(
        _ update: WireRegistryUpdate,
        serverKey: PublicKey
    ) throws(ChatError) -> (lines: [Statement], serverKey: PublicKey)? {
        held.append(update)
        guard held.count <= MemberDirectory.largestSeriesCount else {
            throw ChatError.violation("its registry is not complete")
        }
        // Nothing of a series counts before the checkpoint that ends it.
        guard !update.checkpoint.isEmpty else { return nil }
        let series = held
        held = []
        var next = self
        var added: [Statement] = []
        for part in series { added += try next.add(part) }
        let key = next.presentKey(after: serverKey)
        let checkpoint = try? Checkpoint(note: Array(update.checkpoint), owner: chat, key: key)
        // Whoever saw an earlier state recomputes the root over it and what was added: a history
        // that was rewritten does not come out.
        guard let checkpoint, checkpoint.count == next.tree.count,
            checkpoint.root == next.tree.root
        else { throw MemberDirectory.fork("the server's registry does not match") }
        self = next
        return (added, key)
    }

    /// The server's key now: it may have been rotated while we were connected.
    private func presentKey(after known: PublicKey) -> PublicKey {
        guard let server = mirror.identity(id: chat), let active = server.active,
            server.versions.contains(where: { $0.keyDER == known.spkiDER }),
            let key = try? active.publicKey()
        else { return known }
        return key
    }

    private mutating func add(_ update: WireRegistryUpdate) throws(ChatError) -> [Statement] {
        guard update.from <= UInt64(tree.count) else {
            throw MemberDirectory.fork("lines of the server's registry are missing")
        }
        var added: [Statement] = []
        let known = tree.count - Int(update.from)
        guard known <= update.lines.count else {
            throw MemberDirectory.fork("the server's registry became shorter")
        }
        for line in update.lines.dropFirst(known) {
            guard let statement = try? Statement(line: Array(line)), mirror.isSigned(statement),
                (try? mirror.apply(statement)) != nil
            else { throw MemberDirectory.fork("the server's registry holds an invalid line") }
            tree.append(statement.leafHash)
            added.append(statement)
        }
        return added
    }
    /// The names whose key is not the one that was imported by hand: nothing is sent to them.
    var mismatches: [KeyName] {
        mirror.members(ofRoom: room).filter { standing(of: $0) == .mismatch }.map(\.name)
    }

    /// Whether whoever opened a session may speak in the room now.
    func speaks(_ certificate: SessionCertificate) -> Bool {
        guard let identity = mirror.identity(id: certificate.identity), !identity.isRemoved,
            identity.role != .server, mirror.isMember(identity.name, ofRoom: room)
        else { return false }
        // A version that the mirror does not know yet was imported by hand.
        guard let version = identity.version(certificate.version) else { return true }
        return identity.allows(.stay, by: version, at: .now)
    }

    /// The names that the room is for.
    var members: Set<KeyName> { Set(mirror.members(ofRoom: room).map(\.name)) }

    /// The keys that what is said is encrypted to.
    func audience(at time: Timestamp) -> Set<Listener> {
        Set(listeners(at: time).map(\.listener))
    }

    /// Everybody to encrypt to, oneself included.
    func recipients(at time: Timestamp) -> [Recipient] {
        listeners(at: time).compactMap { listener, version in
            guard let key = try? version.publicKey() else { return nil }
            return Recipient(
                identity: listener.identity,
                version: listener.version,
                expires: version.expires,
                key: key.rsa
            )
        }
    }

    private func listeners(
        at time: Timestamp
    ) -> [(listener: Listener, version: RegisteredVersion)] {
        mirror.members(ofRoom: room).compactMap { member in
            let holder: RegisteredIdentity?
            switch standing(of: member) {
            case .mismatch, .distrusted: return nil
            case .server: holder = pinnedOnly ? nil : member
            case .pinned: holder = member
            case .pinnedNewer: holder = pins.identity(member.name)
            }
            guard let chosen = holder?.version(for: .encrypt, at: time) else { return nil }
            let listener = Listener(
                name: member.name,
                identity: member.id,
                version: chosen.number
            )
            return (listener, chosen)
        }
    }

    /// The name that a session's certificate proves, and the version that issued it.
    ///
    /// `revokedBefore` tells whether a revoked version was still good at the place that is judged.
    func speaker(
        _ certificate: SessionCertificate,
        at time: Int64,
        revokedBefore: (SHA256Digest, Int) -> Bool
    ) -> KeyName? {
        guard certificate.chat == chat, certificate.use == .client,
            let identity = mirror.identity(id: certificate.identity),
            identity.role != .server, isTrusted(identity),
            let version = identity.version(certificate.version)
                ?? pins.identity(identity.name)?.version(certificate.version),
            !version.isRevoked || !revokedBefore(identity.id, version.number),
            let key = try? version.publicKey(),
            certificate.isIssued(by: key.rsa, at: time)
        else { return nil }
        return identity.name
    }

    private func isTrusted(_ member: RegisteredIdentity) -> Bool {
        switch standing(of: member) {
        case .server, .pinned, .pinnedNewer: true
        case .mismatch, .distrusted: false
        }
    }

    private enum Standing {
        case server
        case pinned
        case pinnedNewer
        case mismatch
        case distrusted
    }

    private func standing(of member: RegisteredIdentity) -> Standing {
        guard let pin = pins.identity(member.name), !pin.isRemoved else { return .server }
        guard pin.fork == nil, !pin.latest.isRevoked else { return .distrusted }
        // The chain between the two was checked when its statements arrived.
        if member.versions.contains(where: { $0.keyDER == pin.latest.keyDER }) { return .pinned }
        if pin.versions.contains(where: { $0.keyDER == member.latest.keyDER }) {
            return .pinnedNewer
        }
        return .mismatch
    }

    static func fork(_ why: String) -> ChatError {
        ChatError(
            .fork,
            "\(why): you now see another history than before",
            hint: "stop, and ask the server's admin in person what happened"
        )
    }
}
