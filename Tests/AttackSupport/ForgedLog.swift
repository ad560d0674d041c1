package import ChatProtocol
package import CryptoCore
package import Foundation
internal import SwiftProtobuf
internal import Synchronization

/// One view of a room's log.
///
/// A lying server may have a different one for each client.
package final class ForgedLog: Sendable {
    private struct State {
        var positions: [LogPosition]
        var entries: [WireEntry] = []
    }

    private let state: Mutex<State>
    /// The room of all attacks.
    package static let room = "lobby"

    /// Makes the empty log of a chat.
    package init(chat: SHA256Digest) {
        state = Mutex(State(positions: [.beginning(chat: chat, room: ForgedLog.room)]))
    }

    private init(_ other: ForgedLog) { state = Mutex(other.state.withLock { $0 }) }

    /// Returns another view, which begins with the same entries.
    package func fork() -> ForgedLog { ForgedLog(self) }

    /// The position after the last entry.
    package var head: LogPosition { state.withLock { $0.positions[$0.positions.count - 1] } }

    /// Returns the position after an entry.
    package func position(_ seq: Int) -> LogPosition { state.withLock { $0.positions[seq] } }

    /// All entries.
    package var entries: [WireEntry] { state.withLock { $0.entries } }

    /// Appends an entry; with `hidden`, only the digest of its body is sent.
    @discardableResult
    package func add(
        _ kind: WireEntryKind,
        _ body: Data,
        time: Int64 = ForgedLog.now,
        hidden: Bool = false
    ) -> WireEntry {
        state.withLock { state in
            let last = state.positions[state.positions.count - 1]
            let digest = SHA256Digest(hashing: Array(body))
            var entry = WireEntry()
            entry.seq = last.seq + 1
            entry.time = time
            entry.kind = kind
            if hidden { entry.bodyHash = digest.data } else { entry.body = body }
            // Computed here, because a lie may contain what `LogPosition.advanced` refuses.
            let text =
                Array("securechat entry v1\n".utf8) + last.hash.bytes + bigEndian(entry.seq)
                + bigEndian(UInt64(bitPattern: time)) + [UInt8(truncatingIfNeeded: kind.rawValue)]
                + digest.bytes
            state.entries.append(entry)
            state.positions.append(
                LogPosition(seq: entry.seq, hash: SHA256Digest(hashing: text))
            )
            return entry
        }
    }

    /// Returns a frame with the entries from a sequence number on.
    package func stretch(from seq: UInt64, keys: [WireEntry] = []) -> WireFrame {
        let (previous, entries) = state.withLock { state in
            (state.positions[Int(seq) - 1].hash, Array(state.entries[(Int(seq) - 1)...]))
        }
        return .with {
            $0.entries.previous = previous.data
            $0.entries.entries = entries
            $0.entries.keys = keys
        }
    }

    /// The present time, in milliseconds since 1970.
    package static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}

/// Returns the bytes of an integer, big endian.
package func bigEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    stride(from: Integer.bitWidth - 8, through: 0, by: -8).map {
        UInt8(truncatingIfNeeded: value >> Integer($0))
    }
}
