import ChatProtocol
import CryptoCore

/// The store of a server's room: encrypted bodies, their order, and what each member has received.
///
/// Only the engine calls it, and each call is synchronous. When `commit` returns, the batch is on
/// disk. All functions throw `ServerError` if the store is damaged, and the database's error if it
/// cannot be read or written.
protocol ChatStore: Sendable {
    /// Returns the stored room; `nil` if the store is empty.
    func load() throws -> StoredRoom?
    /// Throws if the store cannot be written now.
    func tryWriting() throws
    /// Returns the time of the last entry, in milliseconds since 1970.
    func newestTime() throws -> Int64?
    /// Appends entries and moves cursors: all of them or none.
    func commit(_ batch: StoreBatch) throws
    /// Returns the sequence number of the entry with this id.
    func sequence(ofID id: [UInt8]) throws -> UInt64?
    /// Returns the last epoch and index of a session.
    func place(of session: SHA256Digest) throws -> ServerRoom.SessionPlace?
    /// Returns the hash of the log up to an entry.
    func hash(at seq: UInt64) throws -> SHA256Digest?
    /// Returns a page of the entries after a sequence number.
    func page(after seq: UInt64, through last: UInt64) throws -> [StoredEntry]
    /// Returns the announcements of a session's epoch from before `seq`.
    func announcements(
        of epoch: SessionEpoch,
        before seq: UInt64
    ) throws -> [StoredEntry]
    /// Returns the sequence number before the first of the last `count` messages.
    func start(ofLast count: Int, through last: UInt64) throws -> UInt64
    /// Returns the sequence number up to which a member has received everything.
    func cursor(of identity: SHA256Digest) throws -> UInt64?
    /// Deletes the bodies that no member has yet to receive, by a rule.
    func prune(_ rule: PruneRule) throws
}

/// A room as the store holds it.
struct StoredRoom {
    var head: LogPosition
    var lastMembershipSeq: UInt64 = 0
    let registryCount: Int
    var revocations: [WireRevoked] = []
    var joined: [SHA256Digest: UInt64] = [:]
    /// The damage of the store; then `head` is the last entry up to which it is complete.
    var damage: ServerError?
}

/// An entry with the columns by which the store finds it.
struct StoredEntry {
    var entry: WireEntry
    var hash: SHA256Digest
    var id: [UInt8]?
    var session: SHA256Digest?
    var epoch: UInt32 = 0
    var index: UInt32 = 0
    var event: WireEventContent?
}

/// The changes of one commit.
struct StoreBatch {
    var entries: [StoredEntry] = []
    var cursors: [SHA256Digest: UInt64] = [:]
    var registryCount: Int?

    var isEmpty: Bool { entries.isEmpty && cursors.isEmpty && registryCount == nil }
}

/// The rule for deleting bodies.
struct PruneRule {
    /// The sequence number of the log's last entry.
    let head: UInt64
    /// The number of messages that are always kept.
    let historyCount: Int
    /// Bodies older than this are deleted, received or not; in milliseconds since 1970.
    let oldestTime: Int64
    /// The largest size of all bodies, in bytes.
    let largestByteCount: Int
    /// The members whose unread messages are kept, each with the sequence number of its joining,
    /// from which its unread messages begin if it has received nothing yet.
    let members: [SHA256Digest: UInt64]
    /// The sessions whose announcements are still in use.
    let liveSessions: [SHA256Digest]
}
