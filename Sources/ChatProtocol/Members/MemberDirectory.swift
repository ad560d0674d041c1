package import CryptoCore
internal import Failures
internal import KeyFormats
package import Registry

/// A client's view of the members.
///
/// It holds the server's registry, checked line by line, and the user's own registry. The keys that
/// the user imported by hand have priority. The `Session` owns it.
package struct MemberDirectory: Sendable {
    /// The server's registry as it was received so far.
    package private(set) var mirror: RegistryState
    package private(set) var tree: MerkleTree
    private(set) var pins: RegistryState
    /// Whether the server's registry was read up to a checkpoint since the client started.
    private(set) var isComplete = false
    let chat: SHA256Digest
    let pinnedOnly: Bool
    private var held: [WireRegistryUpdate] = []
    private var heldByteCount = 0
    private var heldLineCount = 0
    /// The memory of an update or a line besides its text, in bytes.
    private static let lineByteCount = 64

    /// Starts with the stored mirror of the server's registry, and the user's own registry.
    package init(
        chat: SHA256Digest,
        mirror: RegistryState,
        tree: MerkleTree,
        pins: RegistryState,
        pinnedOnly: Bool
    ) {
        self.chat = chat
        self.mirror = mirror
        self.tree = tree
        self.pins = pins
        self.pinnedOnly = pinnedOnly
    }

    /// Adds lines of the server's registry.
    ///
    /// At the end of a series, returns the new lines and the server's present key.
    ///
    /// Throws `ChatError` if a line does not fit or is not signed as it must be, if the checkpoint
    /// does not match, or if the server is a member of the room.
    mutating func take(
        _ update: WireRegistryUpdate,
        serverKey: PublicKey
    ) throws(ChatError) -> (lines: [Statement], serverKey: PublicKey)? {
        held.append(update)
        heldByteCount += update.lines.reduce(MemberDirectory.lineByteCount) {
            $0 + $1.count + MemberDirectory.lineByteCount
        }
        heldLineCount += update.lines.count
        guard heldByteCount <= ClientLimits.registryByteCount,
            tree.count + heldLineCount <= ClientLimits.registryLineCount
        else {
            throw ChatError.violation("it sends a registry without an end")
        }
        // No line of a series counts before the checkpoint at its end.
        guard !update.checkpoint.isEmpty else { return nil }
        let series = held
        forgetUnfinished()
        var next = self
        var added: [Statement] = []
        for part in series { added += try next.add(part) }
        let key = next.presentKey(after: serverKey)
        let checkpoint = try? Checkpoint(note: Array(update.checkpoint), owner: chat, key: key)
        // The root is computed over all lines, the known ones included. So a rewritten history does
        // not match.
        guard let checkpoint, checkpoint.count == next.tree.count,
            checkpoint.root == next.tree.root
        else { throw MemberDirectory.fork("the server's registry does not match") }
        try next.requireServerApart(key)
        next.isComplete = true
        self = next
        return (added, key)
    }

    /// Drops an unfinished series after a broken connection.
    ///
    /// The next connection sends it again.
    mutating func forgetUnfinished() {
        held = []
        heldByteCount = 0
        heldLineCount = 0
    }

    /// Returns the server's present key.
    ///
    /// It may have been rotated during the connection.
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

    /// Throws `ChatError` if the registry makes the server a reader of the room.
    ///
    /// The server can read everything if a member has one of its keys, under any name.
    private func requireServerApart(_ present: PublicKey) throws(ChatError) {
        guard let server = mirror.identity(id: chat), server.role == .server, !server.isRemoved
        else { throw MemberDirectory.fork("the server's registry names the server as a member") }
        let keys = (server.versions + (pins.identity(id: chat)?.versions ?? [])).map(\.keyDER)
        for key in keys + [present.spkiDER] {
            guard let fingerprint = Fingerprint(ofSPKI: key) else { continue }
            guard mirror.holders(of: fingerprint).allSatisfy({ $0.identity.id == chat }) else {
                throw MemberDirectory.fork("the server's registry gives a member the server's key")
            }
        }
    }

    /// Throws `ChatError` if the server gives the other members a wrong key for the user.
    func requireOwnKey(of user: KeyName, _ own: RegisteredIdentity) throws(ChatError) {
        let keys = Set(own.versions.map(\.keyDER))
        let named = mirror.identity(user)
        let shown = own.versions.lazy.compactMap { mirror.identity(keyDER: $0.keyDER) }.first
        // The server may have an older version. It may also have a newer version that this process
        // has not seen yet; the known version signed it.
        guard let shown, !shown.isRemoved,
            keys.contains(shown.latest.keyDER)
                || shown.versions.contains(where: { $0.keyDER == own.latest.keyDER })
        else {
            throw MemberDirectory.wrongOwnKey(user, named?.latest.fingerprint)
        }
        guard let named, !named.isRemoved, named.name != shown.name else { return }
        throw MemberDirectory.wrongOwnKey(user, named.latest.fingerprint)
    }

    // MARK: The registry in the user's own home, which wins over the server's

    /// Takes the newest state of the user's own registry.
    mutating func follow(_ pins: RegistryState) { self.pins = pins }

    static func wrongOwnKey(_ user: KeyName, _ shown: Fingerprint?) -> ChatError {
        ChatError(
            .keyMismatch,
            "the server gives other people another key for \"\(user)\" than yours"
                + (shown.map { ": \($0)" } ?? ""),
            hint: "others would encrypt to that key instead of yours: ask the server's admin in "
                + "person what happened"
        )
    }

    static func fork(_ why: String) -> ChatError {
        ChatError(
            .fork,
            "\(why): you now see another history than before",
            hint: "stop, and ask the server's admin in person what happened"
        )
    }
}
