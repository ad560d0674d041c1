import ChatProtocol
import CryptoCore
import Synchronization

@testable import ChatServer

/// A store that cannot be written while a test wants it so.
final class FaultyStore: ChatStore {
    private struct Fault: Error {}

    private let store: SQLiteStore
    private let isFailing = Mutex(false)

    init(_ store: SQLiteStore) { self.store = store }

    func fail(_ isFailing: Bool) { self.isFailing.withLock { $0 = isFailing } }

    private func requireWorking() throws {
        if isFailing.withLock({ $0 }) { throw Fault() }
    }

    func tryWriting() throws { try requireWorking() }

    func commit(_ batch: StoreBatch) throws {
        try requireWorking()
        try store.commit(batch)
    }

    func load() throws -> StoredRoom? { try store.load() }
    func newestTime() throws -> Int64? { try store.newestTime() }
    func sequence(ofID id: [UInt8]) throws -> UInt64? { try store.sequence(ofID: id) }
    func place(of session: SHA256Digest) throws -> ServerRoom.SessionPlace? {
        try store.place(of: session)
    }
    func hash(at seq: UInt64) throws -> SHA256Digest? { try store.hash(at: seq) }
    func page(after seq: UInt64, through last: UInt64) throws -> [StoredEntry] {
        try store.page(after: seq, through: last)
    }
    func announcements(of epoch: SessionEpoch, before seq: UInt64) throws -> [StoredEntry] {
        try store.announcements(of: epoch, before: seq)
    }
    func start(ofLast count: Int, through last: UInt64) throws -> UInt64 {
        try store.start(ofLast: count, through: last)
    }
    func cursor(of identity: SHA256Digest) throws -> UInt64? { try store.cursor(of: identity) }
    func prune(_ rule: PruneRule) throws { try store.prune(rule) }
}
