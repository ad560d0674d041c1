import ChatProtocol
import CryptoCore
import Foundation
import GRDB
import SwiftProtobuf

/// Reading the store when it is opened, and checking that it is complete.
extension SQLiteStore {
    func load() throws -> StoredRoom? {
        do { return try found() } catch let error as DatabaseError {
            throw ServerError.unreadableStore(
                queue.path,
                error.message ?? "\(error.resultCode)"
            )
        }
    }

    private func found() throws -> StoredRoom? {
        try queue.read { database in
            let count = try Int64.fetchOne(
                database,
                sql: "SELECT registry_count FROM state WHERE room = ?",
                arguments: [room]
            )
            guard let count else {
                let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM entry") == 0
                guard isEmpty else { throw ServerError.damagedStore }
                return nil
            }
            var stored = StoredRoom(head: beginning, registryCount: Int(clamping: max(count, 0)))
            stored.damage = count < 0 ? .damagedStore : nil
            do { stored.head = try checkedHead(database, &stored.damage) } catch {
                stored.damage = .damagedStore
            }
            do { try loadEvents(database, &stored) } catch { stored.damage = .damagedStore }
            return stored
        }
    }

    /// Returns the last entry up to which the log is complete.
    private func checkedHead(
        _ database: Database,
        _ damage: inout ServerError?
    ) throws -> LogPosition {
        let extent = try Row.fetchOne(
            database,
            sql:
                "SELECT count(*) AS n, min(seq) AS first, max(seq) AS last FROM entry WHERE room = ?",
            arguments: [room]
        )
        guard let extent, let count = Int64.fromDatabaseValue(extent["n"]), count > 0 else {
            return beginning
        }
        let first = Int64.fromDatabaseValue(extent["first"])
        let last = Int64.fromDatabaseValue(extent["last"])
        if first != 1 || last != count { damage = .damagedStore }
        // Of long logs, only the end is hashed again. The count shows that no entry is missing.
        let start = damage == nil ? max(0, count - Int64(ServerLimits.checkedEntryCount)) : 0
        var position = beginning
        if start > 0 {
            let row = try Row.fetchOne(
                database,
                sql: "SELECT seq, hash FROM entry WHERE room = ? AND seq = ?",
                arguments: [room, start]
            )
            guard let row, let hash = try StoredRow(row).digest("hash") else {
                damage = .damagedStore
                return beginning
            }
            position = LogPosition(seq: UInt64(start), hash: hash)
        }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT seq, time, kind, hash, body_hash FROM entry
                WHERE room = ? AND seq > ? ORDER BY seq
                """,
            arguments: [room, start]
        )
        do {
            while let row = try rows.next() {
                let stored = StoredRow(row)
                guard let next = position.advanced(over: try stored.hashedEntry()),
                    try stored.digest("hash") == next.hash
                else { throw ServerError.damagedStore }
                position = next
            }
        } catch { damage = .damagedStore }
        return position
    }

    private func loadEvents(_ database: Database, _ stored: inout StoredRoom) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT seq, what, identity, version FROM entry
                WHERE room = ? AND what IS NOT NULL ORDER BY seq
                """,
            arguments: [room]
        )
        while let row = try rows.next() {
            let event = StoredRow(row)
            guard let what = try event.event() else { continue }
            let seq = try event.sequence()
            guard let identity = try event.digest("identity") else {
                throw ServerError.damagedStore
            }
            if what.changesMembership { stored.lastMembershipSeq = seq }
            if what == .joined || what == .replaced { stored.joined[identity] = seq }
            guard what == .revoked else { continue }
            let version = try event.number("version")
            stored.revocations.append(
                .with {
                    $0.identity = identity.data
                    $0.version = version
                    $0.seq = seq
                }
            )
        }
    }

    /// Returns the time of the last entry, in milliseconds since 1970.
    func newestTime() throws -> Int64? {
        try queue.read { database in
            try Int64.fetchOne(
                database,
                sql: "SELECT time FROM entry WHERE room = ? ORDER BY seq DESC LIMIT 1",
                arguments: [room]
            )
        }
    }
}
