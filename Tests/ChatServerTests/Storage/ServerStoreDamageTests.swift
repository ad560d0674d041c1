import ChatProtocol
import CryptoCore
import Failures
import Foundation
import GRDB
import KeyFormats
import SwiftProtobuf
import TestSupport
import Testing

@testable import ChatServer

/// Stores that were cut, emptied or changed: the damage is found at opening, and nothing traps.
struct ServerStoreDamageTests {
    private let chat = SHA256Digest(hashing: [1])
    private let session = SHA256Digest(hashing: [2])

    private func open(_ folder: TemporaryFolder) throws -> SQLiteStore {
        try SQLiteStore(path: folder.file("chat.sqlite"), room: "lobby", chat: chat)
    }

    /// Fills a store with an event, an announcement and eight messages.
    private func fill(_ store: SQLiteStore) throws {
        var position = LogPosition.beginning(chat: chat, room: "lobby")
        var batch = StoreBatch()
        batch.registryCount = 1
        for number in 0..<10 {
            let kind: WireEntryKind = number == 0 ? .event : number == 1 ? .keys : .message
            let entry = WireEntry.with {
                $0.seq = position.seq + 1
                $0.time = Int64(number)
                $0.kind = kind
                $0.body = Data("body \(number)".utf8)
            }
            position = try #require(position.advanced(over: entry))
            let event = WireEventContent.with {
                $0.what = "revoked"
                $0.identity = SHA256Digest(hashing: [3]).data
                $0.version = 1
            }
            batch.entries.append(
                StoredEntry(
                    entry: entry,
                    hash: position.hash,
                    id: number == 0 ? nil : SHA256Digest(hashing: [UInt8(number)]).bytes,
                    session: number == 0 ? nil : session,
                    epoch: 1,
                    index: UInt32(number),
                    event: number == 0 ? event : nil
                )
            )
        }
        try store.commit(batch)
    }

    @Test(arguments: [
        "DELETE FROM entry WHERE seq = 5",
        "UPDATE entry SET seq = 9223372036854775807 WHERE seq = 10",
        "UPDATE entry SET hash = x'' WHERE seq = 10",
        "UPDATE entry SET hash = 'abc' WHERE seq = 4",
        "UPDATE entry SET time = -5 WHERE seq = 4",
        "UPDATE entry SET kind = 77 WHERE seq = 4",
        "UPDATE entry SET version = -1 WHERE seq = 1",
        "UPDATE entry SET identity = x'01' WHERE seq = 1",
        "UPDATE state SET registry_count = -5",
    ])
    func `damage is told when the store is opened`(change: String) throws {
        let folder = try TemporaryFolder()
        let store = try open(folder)
        try fill(store)
        #expect(try store.load()?.damage == nil)
        #expect(try store.load()?.head.seq == 10)
        try store.queue.write { try $0.execute(sql: change) }
        let stored = try #require(try store.load())
        #expect(stored.damage != nil)
        #expect(stored.head.seq <= 10)
    }

    @Test(arguments: [
        "UPDATE entry SET idx = -1 WHERE seq = 4",
        "UPDATE entry SET epoch = 4294967296 WHERE seq = 4",
        "UPDATE entry SET session = x'010203' WHERE seq = 4",
        "UPDATE entry SET body = x'' WHERE seq = 4",
        "UPDATE entry SET body = 'other' WHERE seq = 4",
        "DELETE FROM entry WHERE seq = 4",
    ])
    func `damage of one entry is an error of the page that reads it`(change: String) throws {
        let folder = try TemporaryFolder()
        let store = try open(folder)
        try fill(store)
        try store.queue.write { try $0.execute(sql: change) }
        #expect(throws: ServerError.self) { try store.page(after: 0, through: 10) }
        #expect(try store.page(after: 4, through: 10).count == 6)
    }

    @Test
    func `a session's place with an impossible index is an error, and the highest one is not`()
        throws
    {
        let folder = try TemporaryFolder()
        let store = try open(folder)
        try fill(store)
        try store.queue.write { try $0.execute(sql: "UPDATE entry SET idx = -1 WHERE seq = 10") }
        #expect(throws: ServerError.self) { try store.place(of: session) }
        try store.queue.write {
            try $0.execute(sql: "UPDATE entry SET idx = 4294967295 WHERE seq = 10")
        }
        #expect(try store.place(of: session)?.nextIndex == .max)
    }

    @Test func `a state that is gone is damage, and an empty store is none`() throws {
        let folder = try TemporaryFolder()
        let store = try open(folder)
        #expect(try store.load() == nil)
        try fill(store)
        try store.queue.write { try $0.execute(sql: "DELETE FROM state") }
        #expect(throws: ServerError.self) { try store.load() }
    }

    @Test func `a file that is no database is one clear error`() throws {
        let folder = try TemporaryFolder()
        try folder.write("chat.sqlite", String(repeating: "no database ", count: 1_000))
        #expect(throws: ServerError.self) { try open(folder) }
    }

    @Test func `the head is read back by the key that signed it, for its chat alone`() throws {
        let folder = try TemporaryFolder()
        let file = HeadFile(path: folder.file("head"))
        let key = TestKeys.all[0]
        let keys = [try PublicKey(spkiDER: key.publicKey.spkiDERRepresentation())]
        let others = [try PublicKey(spkiDER: TestKeys.all[1].publicKey.spkiDERRepresentation())]
        #expect(try file.read(chat: chat, room: "lobby", keys: keys) == nil)
        let position = LogPosition(seq: 7, hash: session)
        try file.write(position, chat: chat, room: "lobby", key: key)
        #expect(try file.read(chat: chat, room: "lobby", keys: others + keys) == position)
        #expect(throws: ServerError.self) { try file.read(chat: chat, room: "lobby", keys: others) }
        #expect(throws: ServerError.self) {
            try file.read(chat: session, room: "lobby", keys: keys)
        }
        #expect(throws: ServerError.self) { try file.read(chat: chat, room: "attic", keys: keys) }
        let text = String(decoding: try folder.read("head"), as: UTF8.self)
        try folder.write("head", text.replacingOccurrences(of: "\n7\n", with: "\n6\n"))
        #expect(throws: ServerError.self) { try file.read(chat: chat, room: "lobby", keys: keys) }
        try folder.write("head", "")
        #expect(throws: ServerError.self) { try file.read(chat: chat, room: "lobby", keys: keys) }
    }
}
