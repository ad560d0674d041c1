import ChatProtocol
import CryptoCore
import GRDB

/// Deleting the bodies that no member has yet to receive.
extension SQLiteStore {
    func prune(_ rule: PruneRule) throws {
        let kept = try start(ofLast: rule.historyCount, through: rule.head)
        var unread = rule.head
        for (member, joined) in rule.members {
            unread = min(unread, try cursor(of: member) ?? joined)
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

    /// Returns the last entry to delete because of its age, or because newer bodies fill the size.
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
            let stored = StoredRow(row)
            byteCount += Int(try stored.number("count"))
            if byteCount > largestByteCount {
                return max(UInt64(max(byAge, 0)), try stored.sequence())
            }
        }
        return UInt64(max(byAge, 0))
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
        // An announcement is deleted together with the last message that it opens.
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
