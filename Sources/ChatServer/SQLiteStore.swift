import ChatProtocol
import CryptoCore
import Foundation
import GRDB
import SwiftProtobuf

/// The store in one SQLite file, in WAL mode with full synchronisation.
struct SQLiteStore: ChatStore {
    static let pageEntryCount = 256
    static let pageByteCount = 512 << 10
    private static let schemaVersion = 1

    private let queue: DatabaseQueue
    private let room: String
    private let beginning: LogPosition

    init(path: String, room: String, chat: SHA256Digest) throws {
        self.room = room
        beginning = LogPosition.beginning(chat: chat, room: room)
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(5)  // a backup may read it at the same time
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            // NORMAL may lose the last commits when the power fails, and an acknowledgement must
            // never be taken back.
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

    func load() throws -> StoredRoom? {
        try queue.read { database in
            guard
                let count = try Int.fetchOne(
                    database,
                    sql: "SELECT registry_count FROM state WHERE room = ?",
                    arguments: [room]
                )
            else { return nil }
            let last = try Row.fetchOne(
                database,
                sql: "SELECT seq, hash FROM entry WHERE room = ? ORDER BY seq DESC LIMIT 1",
                arguments: [room]
            )
            let events = try Row.fetchAll(
                database,
                sql: """
                    SELECT seq, what, identity, version FROM entry
                    WHERE room = ? AND what IS NOT NULL ORDER BY seq
                    """,
                arguments: [room]
            )
            var lastMembership: UInt64 = 0
            var revocations: [WireRevoked] = []
            var joined: [SHA256Digest: UInt64] = [:]
            for row in events {
                let seq = UInt64(bitPattern: row["seq"] as Int64)
                let identity: Data = row["identity"]
                guard let what = RoomEvent(rawValue: row["what"]) else { continue }
                if what.changesMembership { lastMembership = seq }
                if what == .joined || what == .replaced, let id = SHA256Digest(identity) {
                    joined[id] = seq
                }
                if what == .revoked {
                    let version: Int64 = row["version"]
                    revocations.append(
                        .with {
                            $0.identity = identity
                            $0.version = UInt32(version)
                            $0.seq = seq
                        }
                    )
                }
            }
            return StoredRoom(
                head: last.flatMap(SQLiteStore.position) ?? beginning,
                lastMembershipSeq: lastMembership,
                registryCount: count,
                revocations: revocations,
                joined: joined
            )
        }
    }

    private static func position(_ row: Row) -> LogPosition? {
        SHA256Digest(row["hash"] as Data).map {
            LogPosition(seq: UInt64(bitPattern: row["seq"] as Int64), hash: $0)
        }
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
            return row.map { row in
                let kind: Int = row["kind"]
                let index = UInt32(row["idx"] as Int64)
                return ServerRoom.SessionPlace(
                    epoch: UInt32(row["epoch"] as Int64),
                    nextIndex: kind == WireEntryKind.message.rawValue ? index + 1 : index
                )
            }
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
                let stored = SQLiteStore.entry(row)
                byteCount += stored.entry.body.count + 100
                if !entries.isEmpty && byteCount > SQLiteStore.pageByteCount { break }
                entries.append(stored)
                if entries.count == SQLiteStore.pageEntryCount { break }
            }
            return entries
        }
    }

    func announcements(
        of epochs: [(SHA256Digest, UInt32)],
        before seq: UInt64
    ) throws -> [StoredEntry] {
        try queue.read { database in
            try epochs.flatMap { session, epoch in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT * FROM entry WHERE room = ? AND session = ? AND epoch = ?
                        AND kind = ? AND seq < ? AND body IS NOT NULL ORDER BY seq
                        """,
                    arguments: [
                        room, session.data, Int64(epoch), WireEntryKind.keys.rawValue,
                        Int64(bitPattern: seq),
                    ]
                ).map(SQLiteStore.entry)
            }
        }
    }

    private static func entry(_ row: Row) -> StoredEntry {
        let body: Data? = row["body"]
        let bodyHash: Data = row["body_hash"]
        let hash: Data = row["hash"]
        let session: Data? = row["session"]
        return StoredEntry(
            entry: .with {
                $0.seq = UInt64(bitPattern: row["seq"] as Int64)
                $0.time = row["time"]
                $0.kind = WireEntryKind(rawValue: row["kind"]) ?? .unspecified
                $0.body = body ?? Data()
                if body == nil { $0.bodyHash = bodyHash }
            },
            hash: SHA256Digest(hash) ?? SHA256Digest(hashing: []),
            session: session.flatMap { SHA256Digest($0) },
            epoch: UInt32(row["epoch"] as Int64? ?? 0),
            index: UInt32(row["idx"] as Int64? ?? 0)
        )
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
            return first.map { UInt64(bitPattern: $0) - 1 } ?? last
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

    func prune(_ rule: PruneRule) throws {
        guard let room = try load() else { return }
        let kept = try start(ofLast: rule.historyCount, through: room.head.seq)
        var unread = room.head.seq
        for member in rule.members {
            unread = min(unread, try cursor(of: member) ?? room.joined[member] ?? 0)
        }
        try queue.write { database in
            let tooOld = try boundary(
                database,
                oldestTime: rule.oldestTime,
                largestByteCount: rule.largestByteCount
            )
            try forget(
                database,
                through: min(kept, max(unread, tooOld)),
                liveSessions: rule.liveSessions
            )
        }
    }

    /// The last entry that goes because of its age, or because newer ones fill the size.
    private func boundary(
        _ database: Database,
        oldestTime: Int64,
        largestByteCount: Int
    ) throws -> UInt64 {
        let byAge =
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT max(seq) FROM entry
                    WHERE room = ? AND body IS NOT NULL AND time < ?
                    """,
                arguments: [room, oldestTime]
            ) ?? 0
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT seq, length(body) AS count FROM entry
                WHERE room = ? AND body IS NOT NULL ORDER BY seq DESC
                """,
            arguments: [room]
        )
        var byteCount = 0
        while let row = try rows.next() {
            byteCount += row["count"] as Int
            if byteCount > largestByteCount { return UInt64(max(byAge, row["seq"] as Int64)) }
        }
        return UInt64(byAge)
    }

    private func forget(
        _ database: Database,
        through seq: UInt64,
        liveSessions: [SHA256Digest]
    ) throws {
        try database.execute(
            sql: """
                UPDATE entry SET body = NULL
                WHERE room = ? AND kind = ? AND seq <= ? AND body IS NOT NULL
                """,
            arguments: [room, WireEntryKind.message.rawValue, Int64(bitPattern: seq)]
        )
        // A wrap dies with the last message that it opens.
        let live = liveSessions.map { _ in "?" }.joined(separator: ",")
        var arguments: StatementArguments = [
            room, WireEntryKind.keys.rawValue, Int64(bitPattern: seq),
            WireEntryKind.message.rawValue,
        ]
        arguments += StatementArguments(liveSessions.map(\.data))
        try database.execute(
            sql: """
                UPDATE entry SET body = NULL
                WHERE room = ? AND kind = ? AND seq <= ? AND body IS NOT NULL
                AND NOT EXISTS (
                    SELECT 1 FROM entry AS message WHERE message.room = entry.room
                    AND message.session = entry.session AND message.epoch = entry.epoch
                    AND message.kind = ? AND message.body IS NOT NULL
                )
                AND session NOT IN (\(live))
                """,
            arguments: arguments
        )
    }
}
