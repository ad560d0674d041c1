import ChatProtocol
import CryptoCore
import Foundation
import GRDB
import SwiftProtobuf

/// The store in one SQLite file, in WAL mode with full synchronisation.
struct SQLiteStore: ChatStore {
    private static let schemaVersion = 1

    let queue: DatabaseQueue
    let room: String
    let beginning: LogPosition

    init(path: String, room: String, chat: SHA256Digest) throws {
        self.room = room
        beginning = LogPosition.beginning(chat: chat, room: room)
        queue = try SQLiteStore.opened(path)
        do { try prepare() } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: throw ServerError.foreignStore(path)
            case .SQLITE_BUSY: throw ServerError.lockedStore(path)
            default: throw ServerError.unreadableStore(path, error.message ?? "\(error)")
            }
        }
    }

    /// Opens the file.
    ///
    /// If the disk has no room for the index that SQLite shares between processes, it opens the
    /// file without one. Then no other program can read the store.
    private static func opened(_ path: String) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        // A backup may read at the same time. The engine waits for it only a bounded time.
        configuration.busyMode = .timeout(Double(ServerLimits.storeLockMilliseconds) / 1_000)
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: throw ServerError.foreignStore(path)
            default: break
            }
        }
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
        }
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as DatabaseError {
            throw ServerError.unreadableStore(path, error.message ?? "\(error.resultCode)")
        }
    }

    private func prepare() throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            // With NORMAL, a power failure may lose the last commits. An acknowledgement must stay
            // true.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA secure_delete = ON")
            let mode = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            precondition(mode == 2, "the store is not durable")
        }
        try queue.write { try SQLiteStore.makeTables($0) }
    }

    private static func makeTables(_ database: Database) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= schemaVersion else { throw ServerError.newerStore }
        guard version == 0 else { return }
        try database.execute(
            sql: """
                CREATE TABLE entry (
                    room TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL,
                    kind INTEGER NOT NULL, hash BLOB NOT NULL, body BLOB, body_hash BLOB NOT NULL,
                    id BLOB, session BLOB, epoch INTEGER, idx INTEGER,
                    what TEXT, identity BLOB, version INTEGER,
                    PRIMARY KEY (room, seq)
                ) WITHOUT ROWID;
                CREATE UNIQUE INDEX entry_id ON entry (room, id) WHERE id IS NOT NULL;
                CREATE INDEX entry_epoch ON entry (room, session, epoch, kind, seq)
                    WHERE session IS NOT NULL;
                CREATE INDEX entry_kept ON entry (room, seq, time) WHERE body IS NOT NULL;
                CREATE INDEX entry_event ON entry (room, seq) WHERE what IS NOT NULL;
                CREATE TABLE cursor (
                    room TEXT NOT NULL, identity BLOB NOT NULL, seq INTEGER NOT NULL,
                    PRIMARY KEY (room, identity)
                ) WITHOUT ROWID;
                CREATE TABLE state (
                    room TEXT PRIMARY KEY NOT NULL, registry_count INTEGER NOT NULL
                ) WITHOUT ROWID;
                PRAGMA user_version = \(schemaVersion);
                """
        )
    }

    func commit(_ batch: StoreBatch) throws {
        try queue.write { database in
            for stored in batch.entries { try insert(stored, database) }
            for (identity, seq) in batch.cursors {
                let statement = try database.cachedStatement(
                    sql: """
                        INSERT INTO cursor VALUES (?, ?, ?)
                        ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)
                        """
                )
                try statement.execute(arguments: [room, identity.data, Int64(bitPattern: seq)])
            }
            if let count = batch.registryCount {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO state VALUES (?, ?)",
                    arguments: [room, count]
                )
            }
        }
    }

    private func insert(_ stored: StoredEntry, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        try statement.execute(
            arguments: [
                room, Int64(bitPattern: stored.entry.seq), stored.entry.time,
                stored.entry.kind.rawValue, stored.hash.data, stored.entry.body,
                SHA256Digest(hashing: Array(stored.entry.body)).data,
                stored.id.map { Data($0) }, stored.session?.data,
                stored.session.map { _ in Int64(stored.epoch) },
                stored.session.map { _ in Int64(stored.index) },
                stored.event?.what, stored.event?.identity,
                stored.event.map { Int64($0.version) },
            ]
        )
    }

    /// Throws if the store cannot be written now.
    ///
    /// It does not wait for a lock.
    func tryWriting() throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA busy_timeout = 0")
            defer {
                let milliseconds = ServerLimits.storeLockMilliseconds
                try? database.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
            }
            try database.inTransaction {
                // A row of no room, because SQLite does not write a row that does not change.
                try database.execute(sql: "INSERT OR REPLACE INTO state VALUES ('', 0)")
                try database.execute(sql: "DELETE FROM state WHERE room = ''")
                return .commit
            }
        }
    }

    func sequence(ofID id: [UInt8]) throws -> UInt64? {
        try queue.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT seq FROM entry WHERE room = ? AND id = ?"
            )
            return try Int64.fetchOne(statement, arguments: [room, Data(id)]).map {
                UInt64(bitPattern: $0)
            }
        }
    }

    func place(of session: SHA256Digest) throws -> ServerRoom.SessionPlace? {
        try queue.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT kind, epoch, idx FROM entry WHERE room = ? AND session = ?
                    ORDER BY seq DESC LIMIT 1
                    """,
                arguments: [room, session.data]
            )
            guard let row else { return nil }
            let stored = StoredRow(row)
            let index = try stored.number("idx")
            let isMessage = try stored.kind() == .message
            let epoch: UInt32 = try stored.number("epoch")
            let announcementCount =
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) FROM entry
                        WHERE room = ? AND session = ? AND epoch = ? AND kind = ?
                        """,
                    arguments: [
                        room, session.data, Int64(epoch), WireEntryKind.keys.rawValue,
                    ]
                ) ?? 0
            // After the highest index no message can follow, so the index stays.
            return ServerRoom.SessionPlace(
                epoch: epoch,
                nextIndex: isMessage && index < .max ? index + 1 : index,
                announcementCount: announcementCount
            )
        }
    }

    func hash(at seq: UInt64) throws -> SHA256Digest? {
        guard seq > 0 else { return beginning.hash }
        return try queue.read { database in
            try Data.fetchOne(
                database,
                sql: "SELECT hash FROM entry WHERE room = ? AND seq = ?",
                arguments: [room, Int64(bitPattern: seq)]
            ).flatMap { SHA256Digest($0) }
        }
    }

    func page(after seq: UInt64, through last: UInt64) throws -> [StoredEntry] {
        try queue.read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT * FROM entry WHERE room = ? AND seq > ? AND seq <= ? ORDER BY seq
                    """,
                arguments: [room, Int64(bitPattern: seq), Int64(bitPattern: last)]
            )
            var entries: [StoredEntry] = []
            var byteCount = 0
            while let row = try rows.next() {
                let stored = try StoredRow(row).entry()
                guard stored.entry.seq == seq + UInt64(entries.count) + 1 else {
                    throw ServerError.damagedStore
                }
                byteCount += stored.entry.body.count + 100
                if !entries.isEmpty && byteCount > ServerLimits.pageByteCount { break }
                entries.append(stored)
                if entries.count == ServerLimits.pageEntryCount { break }
            }
            return entries
        }
    }

    func announcements(
        of epoch: SessionEpoch,
        before seq: UInt64
    ) throws -> [StoredEntry] {
        try queue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM entry WHERE room = ? AND session = ? AND epoch = ?
                    AND kind = ? AND seq < ? AND body IS NOT NULL ORDER BY seq
                    """,
                arguments: [
                    room, epoch.session.data, Int64(epoch.number), WireEntryKind.keys.rawValue,
                    Int64(bitPattern: seq),
                ]
            ).map { try StoredRow($0).entry() }
        }
    }

    func start(ofLast count: Int, through last: UInt64) throws -> UInt64 {
        try queue.read { database in
            let first = try Int64.fetchOne(
                database,
                sql: """
                    SELECT min(seq) FROM (
                        SELECT seq FROM entry
                        WHERE room = ? AND kind = ? AND body IS NOT NULL AND seq <= ?
                        ORDER BY seq DESC LIMIT ?
                    )
                    """,
                arguments: [
                    room, WireEntryKind.message.rawValue, Int64(bitPattern: last), count,
                ]
            )
            return first.map { UInt64(max($0, 1)) - 1 } ?? last
        }
    }

    func cursor(of identity: SHA256Digest) throws -> UInt64? {
        try queue.read { database in
            try Int64.fetchOne(
                database,
                sql: "SELECT seq FROM cursor WHERE room = ? AND identity = ?",
                arguments: [room, identity.data]
            ).map { UInt64(bitPattern: $0) }
        }
    }
}
