import ChatProtocol
import CryptoCore
import Foundation
import GRDB
import SwiftProtobuf

/// One row of the table `entry`, read with bounds: a damaged file may hold any number.
///
/// Every function throws `ServerError` if the server cannot have written the value.
struct StoredRow {
    private let row: Row

    init(_ row: Row) { self.row = row }

    private func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        let stored: DatabaseValue = row[column]
        guard !stored.isNull else { return nil }
        guard let value = Value.fromDatabaseValue(stored) else { throw ServerError.damagedStore }
        return value
    }

    /// Returns a number of 32 bits; 0 if the column is empty.
    func number(_ column: String) throws -> UInt32 {
        let stored: Int64 = try value(column) ?? 0
        guard let number = UInt32(exactly: stored) else { throw ServerError.damagedStore }
        return number
    }

    func sequence() throws -> UInt64 {
        guard let stored: Int64 = try value("seq"), stored > 0 else {
            throw ServerError.damagedStore
        }
        return UInt64(stored)
    }

    func digest(_ column: String) throws -> SHA256Digest? {
        guard let bytes: Data = try value(column) else { return nil }
        guard let digest = SHA256Digest(bytes) else { throw ServerError.damagedStore }
        return digest
    }

    func kind() throws -> WireEntryKind {
        guard let number: Int = try value("kind"), let kind = WireEntryKind(rawValue: number)
        else { throw ServerError.damagedStore }
        switch kind {
        case .message, .keys, .event: return kind
        case .unspecified, .UNRECOGNIZED: throw ServerError.damagedStore
        }
    }

    func event() throws -> RoomEvent? {
        guard let text: String = try value("what") else { return nil }
        return RoomEvent(rawValue: text)
    }

    /// Returns the entry without its body: the fields that the log's hash covers.
    func hashedEntry() throws -> WireEntry {
        guard let time: Int64 = try value("time"), let hash = try digest("body_hash") else {
            throw ServerError.damagedStore
        }
        return .with {
            $0.time = time
            $0.bodyHash = hash.data
        }
        .with(seq: try sequence(), kind: try kind())
    }

    /// Returns the entry with its body; throws if the body does not match its digest.
    func entry() throws -> StoredEntry {
        var entry = try hashedEntry()
        guard let hash = try digest("hash") else { throw ServerError.damagedStore }
        if let body: Data = try value("body") {
            guard SHA256Digest(hashing: Array(body)).data == entry.bodyHash else {
                throw ServerError.damagedStore
            }
            entry.body = body
            entry.bodyHash = Data()
        }
        return StoredEntry(
            entry: entry,
            hash: hash,
            session: try digest("session"),
            epoch: try number("epoch"),
            index: try number("idx")
        )
    }
}

extension WireEntry {
    fileprivate func with(seq: UInt64, kind: WireEntryKind) -> WireEntry {
        var entry = self
        entry.seq = seq
        entry.kind = kind
        return entry
    }
}
