import ChatProtocol
import CryptoCore
import SwiftProtobuf

/// One room as the writer keeps it: its log, what newcomers are told of it, and what waits for the
/// next commit.
///
/// A value without I/O: the engine asks the store, writes what waits, and tells the sessions. A copy
/// from before a failure is the way back.
struct EngineRoom {
    private(set) var log: ServerRoom
    /// Where versions of keys were revoked.
    private(set) var revocations: [WireRevoked]
    /// The time of the newest entry, in milliseconds since 1970.
    private(set) var newestEntryTime: Int64?
    private var joined: [SHA256Digest: UInt64]
    private var pending = Pending()

    /// Goes on from what is stored.
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

    /// Where an identity was registered, under the id of one of its keys.
    func joinedSeq(of key: SHA256Digest) -> UInt64? { joined[key] }

    // MARK: Sessions

    /// A session arrives; `place` is where the store says it stopped.
    mutating func enter(_ session: SHA256Digest, place: ServerRoom.SessionPlace?) {
        log.enter(session, place: place)
    }

    /// A session leaves.
    mutating func leave(_ session: SHA256Digest) { log.leave(session) }

    // MARK: What is published

    /// How many bytes of bodies wait.
    var pendingByteCount: Int { pending.byteCount }

    /// The sequence of a message that waits, by its id.
    func pendingSequence(of id: [UInt8]) -> UInt64? { pending.ids[id] }

    /// Puts a claim of a session at the end of the log; throws `ChatError` where it does not fit
    /// there.
    mutating func add(
        _ claim: ServerRoom.Claim,
        of session: SHA256Digest,
        for port: any SessionPort,
        at time: Int64
    ) throws(ChatError) {
        // One copy a batch: a copy of the log makes its next change copy what it remembers.
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

    /// A message is in the log already: its session is told so after the commit.
    mutating func accept(_ id: [UInt8], at seq: UInt64, for port: any SessionPort) {
        pending.acceptances.append(Pending.Acceptance(port: port, id: id, seq: seq))
    }

    /// A message is refused: its session is told so after the commit.
    mutating func refuse(_ id: [UInt8], _ error: ChatError, for port: any SessionPort) {
        pending.refusals.append(Pending.Refusal(port: port, id: id, error: error))
    }

    /// A frame of a session is dealt with; the session is told so after the commit.
    mutating func complete(for port: any SessionPort) {
        pending.completed[port.id, default: Pending.Completion(port: port)].count += 1
    }

    /// An identity has received everything up to an entry of the log.
    mutating func receive(_ seq: UInt64, by identity: SHA256Digest) {
        guard seq <= head.seq else { return }
        pending.batch.cursors[identity] = max(pending.batch.cursors[identity] ?? 0, seq)
    }

    /// Everything that waits; from then on nothing does.
    mutating func takePending() -> Pending {
        defer { pending = Pending() }
        return pending
    }

    /// Goes back to before a batch that could not be written.
    mutating func goBack(before failed: Pending) {
        if let before = failed.before { log = before }
    }

    // MARK: The registry

    /// Puts a change of the registry at the end of the log; returns what is to be stored.
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
