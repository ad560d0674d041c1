import ChatProtocol
import CryptoCore

/// Where a server keeps its room: encrypted bodies, their order, and who has received what.
///
/// Every call is synchronous and comes from the one writer; a commit that returned is on disk.
protocol ChatStore: Sendable {
    /// What was stored of the room, or nothing.
    func load() throws -> StoredRoom?
    /// Throws unless the store can be written now.
    func tryWriting() throws
    /// The time of the last entry, in milliseconds since 1970.
    func newestTime() throws -> Int64?
    /// Appends entries and moves cursors, all or nothing.
    func commit(_ batch: StoreBatch) throws
    /// The sequence of the entry with this id.
    func sequence(ofID id: [UInt8]) throws -> UInt64?
    /// Where a session stopped.
    func place(of session: SHA256Digest) throws -> ServerRoom.SessionPlace?
    /// The hash of the log up to an entry.
    func hash(at seq: UInt64) throws -> SHA256Digest?
    /// Entries after a sequence, a page of them, with the announcements they need.
    func page(after seq: UInt64, through last: UInt64) throws -> [StoredEntry]
    /// The announcements of a session's epoch from before `seq`.
    func announcements(
        of epoch: SessionEpoch,
        before seq: UInt64
    ) throws -> [StoredEntry]
    /// Where the last `count` messages begin: the sequence before the first of them.
    func start(ofLast count: Int, through last: UInt64) throws -> UInt64
    /// Up to where a member has received.
    func cursor(of identity: SHA256Digest) throws -> UInt64?
    /// Forgets bodies that nobody is to receive any more.
    func prune(_ rule: PruneRule) throws
}

/// A room as it was stored.
struct StoredRoom {
    var head: LogPosition
    var lastMembershipSeq: UInt64 = 0
    let registryCount: Int
    var revocations: [WireRevoked] = []
    var joined: [SHA256Digest: UInt64] = [:]
    /// What is wrong with it; `head` is the last entry up to which it is whole.
    var damage: ServerError?
}

/// An entry with what the store looks it up by.
struct StoredEntry {
    var entry: WireEntry
    var hash: SHA256Digest
    var id: [UInt8]?
    var session: SHA256Digest?
    var epoch: UInt32 = 0
    var index: UInt32 = 0
    var event: WireEventContent?
}

/// What is committed at once.
struct StoreBatch {
    var entries: [StoredEntry] = []
    var cursors: [SHA256Digest: UInt64] = [:]
    var registryCount: Int?

    var isEmpty: Bool { entries.isEmpty && cursors.isEmpty && registryCount == nil }
}

/// What may be forgotten.
struct PruneRule {
    /// The log's last entry.
    let head: UInt64
    /// Messages that are always kept.
    let historyCount: Int
    /// Bodies older than this (milliseconds since 1970) go, received or not.
    let oldestTime: Int64
    /// Most bytes of bodies.
    let largestByteCount: Int
    /// The members whose unread messages are kept, and where each of them joined: there its unread
    /// messages begin where it has received nothing yet.
    let members: [SHA256Digest: UInt64]
    /// Sessions whose announcements are still in use.
    let liveSessions: [SHA256Digest]
}
