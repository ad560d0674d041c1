import ChatProtocol
import CryptoCore
import SwiftProtobuf

/// One room in the engine: its log, the data for new sessions, and what waits for the next commit.
///
/// It is a value without I/O: the engine calls the store, and sends to the sessions. After a failed
/// commit, the engine restores the room's earlier value.
struct EngineRoom {
    private(set) var log: ServerRoom
    /// The entries that revoke versions of keys.
    private(set) var revocations: [WireRevoked]
    /// The time of the newest entry, in milliseconds since 1970.
    private(set) var newestEntryTime: Int64?
    private var joined: [SHA256Digest: UInt64]
    private var pending = Pending()

    /// Continues from the stored room.
    init(chat: SHA256Digest, name: String, _ stored: StoredRoom, newestEntryTime: Int64?) {
        log = ServerRoom(
            chat: chat,
            name: name,
            head: stored.head,
            lastMembershipSeq: stored.lastMembershipSeq
        )
        revocations = stored.revocations
        joined = stored.joined
        self.newestEntryTime = newestEntryTime
    }

    /// The log's last entry.
    var head: LogPosition { log.head }

    /// Returns the sequence number at which an identity was registered, by the id of one of its
    /// keys.
    func joinedSeq(of key: SHA256Digest) -> UInt64? { joined[key] }

    // MARK: Sessions

    /// Adds a session; `place` is its last epoch and index in the store.
    mutating func enter(_ session: SHA256Digest, place: ServerRoom.SessionPlace?) {
        log.enter(session, place: place)
    }

    /// Removes a session.
    mutating func leave(_ session: SHA256Digest) { log.leave(session) }

    // MARK: Published entries

    /// The number of bytes of bodies that wait for the next commit.
    var pendingByteCount: Int { pending.byteCount }

    /// Returns the sequence number of a waiting message, by its id.
    func pendingSequence(of id: [UInt8]) -> UInt64? { pending.ids[id] }

    /// Appends a claim of a session to the log; throws `ChatError` if its epoch or index does not
    /// follow.
    mutating func add(
        _ claim: ServerRoom.Claim,
        of session: SHA256Digest,
        for port: any SessionPort,
        at time: Int64
    ) throws(ChatError) {
        // The log is copied only once per batch, because a change after a copy copies its storage.
        let before = pending.before ?? log
        let (entry, position) = try log.append(claim, from: session, at: time)
        pending.before = before
        note(time)
        pending.batch.entries.append(
            StoredEntry(
                entry: entry,
                hash: position.hash,
                id: claim.id,
                session: session,
                epoch: claim.epoch,
                index: claim.index
            )
        )
        pending.ids[claim.id] = entry.seq
        pending.published.append(Pending.Published(port: port, id: claim.id))
        pending.byteCount += entry.body.count
    }

    /// Notes that the log already has a message; its session is told after the commit.
    mutating func accept(_ id: [UInt8], at seq: UInt64, for port: any SessionPort) {
        pending.acceptances.append(Pending.Acceptance(port: port, id: id, seq: seq))
    }

    /// Notes that a message is refused; its session is told after the commit.
    mutating func refuse(_ id: [UInt8], _ error: ChatError, for port: any SessionPort) {
        pending.refusals.append(Pending.Refusal(port: port, id: id, error: error))
    }

    /// Notes that a frame of a session was processed; the session is told after the commit.
    mutating func complete(for port: any SessionPort) {
        pending.completed[port.id, default: Pending.Completion(port: port)].count += 1
    }

    /// Notes that an identity has received everything up to an entry of the log.
    mutating func receive(_ seq: UInt64, by identity: SHA256Digest) {
        guard seq <= head.seq else { return }
        pending.batch.cursors[identity] = max(pending.batch.cursors[identity] ?? 0, seq)
    }

    /// Returns everything that waits, and empties the batch.
    mutating func takePending() -> Pending {
        defer { pending = Pending() }
        return pending
    }

    /// Restores the log from before a batch that could not be written.
    mutating func goBack(before failed: Pending) {
        if let before = failed.before { log = before }
    }

    // MARK: The registry

    /// Appends a change of the registry to the log; returns the entry to store.
    mutating func add(_ event: RegistryEvent, at time: Int64) -> StoredEntry {
        let (entry, position) = log.append(
            event: event.content,
            changesMembership: event.kind.changesMembership,
            at: time
        )
        note(time)
        switch event.kind {
        case .joined, .replaced: joined[event.subject] = position.seq
        case .revoked:
            revocations.append(
                .with {
                    $0.identity = event.subject.data
                    $0.version = event.content.version
                    $0.seq = position.seq
                }
            )
        case .left, .rotated, .role, .changed: break
        }
        return StoredEntry(entry: entry, hash: position.hash, event: event.content)
    }

    private mutating func note(_ time: Int64) {
        newestEntryTime = max(newestEntryTime ?? time, time)
    }
}
