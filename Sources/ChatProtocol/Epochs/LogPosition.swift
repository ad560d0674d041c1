public import CryptoCore
internal import SwiftProtobuf

/// A position in a room's log: an entry's sequence number, and the hash of the log up to it.
public struct LogPosition: Hashable, Sendable {
    /// The sequence number of the entry; 0 is the position before the first entry.
    public let seq: UInt64
    /// The hash of the log up to and including that entry.
    public let hash: SHA256Digest

    /// Makes a position.
    public init(seq: UInt64, hash: SHA256Digest) {
        self.seq = seq
        self.hash = hash
    }

    /// Returns the position before a room's first entry.
    ///
    /// It binds the log to the chat and the room.
    public static func beginning(chat: SHA256Digest, room: String) -> LogPosition {
        LogPosition(
            seq: 0,
            hash: SHA256Digest(hashing: Array("securechat room v1\n\(chat)\n\(room)\n".utf8))
        )
    }

    // The years 1970 to 2100, in milliseconds: times that can be shown and computed with.
    private static let times: Range<Int64> = 0..<4_102_444_800_000

    /// Returns the time nearest to `time` that an entry can have, in milliseconds since 1970.
    ///
    /// A clock may be wrong by any number of years.
    package static func entryTime(_ time: Int64) -> Int64 {
        min(max(time, times.lowerBound), times.upperBound - 1)
    }

    /// Returns the position after one more entry; `nil` if the entry does not follow this position.
    package func advanced(over entry: WireEntry) -> LogPosition? {
        guard entry.seq == seq &+ 1, entry.seq > 0, LogPosition.times.contains(entry.time),
            let bodyHash = entry.bodyDigest
        else { return nil }
        var text = Array("securechat entry v1\n".utf8) + hash.bytes
        text += BigEndian.bytes(entry.seq) + BigEndian.bytes(UInt64(bitPattern: entry.time))
        text += [UInt8(truncatingIfNeeded: entry.kind.rawValue)] + bodyHash.bytes
        return LogPosition(seq: entry.seq, hash: SHA256Digest(hashing: text))
    }

    package init?(_ position: WirePosition) {
        guard let hash = SHA256Digest(bytes: Array(position.hash)) else { return nil }
        self.init(seq: position.seq, hash: hash)
    }

    package var wire: WirePosition {
        .with {
            $0.seq = seq
            $0.hash = hash.data
        }
    }
}

extension WireEntry {
    /// The hash of the body, also if the body was deleted; `nil` if the entry has no valid hash.
    package var bodyDigest: SHA256Digest? {
        body.isEmpty && !bodyHash.isEmpty
            ? SHA256Digest(bytes: Array(bodyHash)) : SHA256Digest(hashing: Array(body))
    }
}
