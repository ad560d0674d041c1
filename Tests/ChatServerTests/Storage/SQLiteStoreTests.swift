import ChatProtocol
import CryptoCore
import Failures
import Foundation
import SwiftProtobuf
import TestSupport
import Testing

@testable import ChatServer

struct SQLiteStoreTests {
    private let chat = SHA256Digest(hashing: [1])
    private let session = SHA256Digest(hashing: [2])
    private let member = SHA256Digest(hashing: [3])

    private func epoch(_ number: UInt32) -> SessionEpoch {
        SessionEpoch(session: session, number: number)
    }

    private func fill(_ store: SQLiteStore, messages: Int) throws {
        var position = LogPosition.beginning(chat: chat, room: "lobby")
        var batch = StoreBatch()
        batch.registryCount = 1
        for number in 0...messages {
            let entry = WireEntry.with {
                $0.seq = position.seq + 1
                $0.time = Int64(number)
                $0.kind = number == 0 ? .keys : .message
                $0.body = Data("body \(number)".utf8)
            }
            position = try #require(position.advanced(over: entry))
            batch.entries.append(
                StoredEntry(
                    entry: entry,
                    hash: position.hash,
                    id: SHA256Digest(hashing: [UInt8(number)]).bytes,
                    session: session,
                    epoch: 1,
                    index: UInt32(max(0, number - 1))
                )
            )
        }
        try store.commit(batch)
    }

    @Test func `it goes on where it stopped, and says what it was asked`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("chat.sqlite")
        let first = try SQLiteStore(path: path, room: "lobby", chat: chat)
        #expect(try first.load() == nil)
        try fill(first, messages: 20)
        let store = try SQLiteStore(path: path, room: "lobby", chat: chat)
        #expect(try store.load()?.head.seq == 21)
        #expect(try store.page(after: 5, through: 9).map(\.entry.seq) == [6, 7, 8, 9])
        #expect(try store.start(ofLast: 3, through: 21) == 18)
        #expect(try store.sequence(ofID: SHA256Digest(hashing: [4]).bytes) == 5)
        #expect(try store.sequence(ofID: [0]) == nil)
        #expect(try store.place(of: session) == .init(epoch: 1, nextIndex: 20))
        #expect(try store.announcements(of: epoch(1), before: 2).count == 1)
        #expect(try store.announcements(of: epoch(2), before: 9).isEmpty)
    }

    @Test func `a repeated id is never stored twice`() throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(
            path: folder.file("chat.sqlite"),
            room: "lobby",
            chat: chat
        )
        try fill(store, messages: 3)
        #expect(throws: (any Error).self) { try fill(store, messages: 3) }
        #expect(try store.load()?.head.seq == 4)
    }

    private func rule(
        head: UInt64 = 21,
        history: Int = 5,
        oldest: Int64 = 0,
        bytes: Int = 1 << 20,
        live: [SHA256Digest] = []
    ) -> PruneRule {
        PruneRule(
            head: head,
            historyCount: history,
            oldestTime: oldest,
            largestByteCount: bytes,
            members: [member: 0],
            liveSessions: live
        )
    }

    private func keptCount(_ store: SQLiteStore) throws -> (messages: Int, keys: Int) {
        let kept = try store.page(after: 0, through: 100).filter { !$0.entry.body.isEmpty }
        return (
            kept.count { $0.entry.kind == .message }, kept.count { $0.entry.kind == .keys }
        )
    }

    @Test func `what a member has yet to receive is kept, what all have goes, down to the last`()
        throws
    {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(
            path: folder.file("chat.sqlite"),
            room: "lobby",
            chat: chat
        )
        try fill(store, messages: 20)
        try store.prune(rule())
        #expect(try keptCount(store) == (20, 1))
        var batch = StoreBatch()
        batch.cursors[member] = 11
        try store.commit(batch)
        try store.prune(rule())
        #expect(try keptCount(store) == (10, 1))
        // Deleted by age and by size, received or not, but never the last five.
        try store.prune(rule(oldest: 13))
        #expect(try keptCount(store) == (8, 1))
        try store.prune(rule(bytes: 1))
        #expect(try keptCount(store) == (5, 1))
        // An announcement is deleted with its last message, unless its session is still in use.
        try store.prune(rule(history: 0, bytes: 1, live: [session]))
        #expect(try keptCount(store) == (0, 1))
        try store.prune(rule(history: 0, bytes: 1))
        #expect(try keptCount(store) == (0, 0))
        // The chain stays complete.
        var position = LogPosition.beginning(chat: chat, room: "lobby")
        for stored in try store.page(after: 0, through: 100) {
            position = try #require(position.advanced(over: stored.entry))
            #expect(position.hash == stored.hash)
        }
    }
}
