package import ChatProtocol
package import CryptoCore
package import Foundation
internal import SwiftProtobuf
internal import Synchronization

/// One view of a room's log, as a server tells it; a lying server has one for each listener.
package final class ForgedLog: Sendable {
    private struct State {
        var positions: [LogPosition]
        var entries: [WireEntry] = []
    }

    private let state: Mutex<State>
    /// The room that all attacks are about.
    package static let room = "lobby"

    /// An empty log of a chat.
    package init(chat: SHA256Digest) {
        state = Mutex(State(positions: [.beginning(chat: chat, room: ForgedLog.room)]))
    }

    private init(_ other: ForgedLog) { state = Mutex(other.state.withLock { $0 }) }

    /// Another view that begins as this one stands.
    package func fork() -> ForgedLog { ForgedLog(self) }

    /// The place after the last entry.
    package var head: LogPosition { state.withLock { $0.positions[$0.positions.count - 1] } }

    /// The place after an entry.
    package func position(_ seq: Int) -> LogPosition { state.withLock { $0.positions[seq] } }

    /// All entries.
    package var entries: [WireEntry] { state.withLock { $0.entries } }

    /// Appends an entry; `hidden` leaves its body out and tells its digest.
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
            // Written out, because a lie may hold what `LogPosition.advanced` refuses.
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

    /// The frame with the entries from one sequence on.
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

    /// Milliseconds since 1970.
    package static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}

/// An integer's bytes, the highest first.
package func bigEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    stride(from: Integer.bitWidth - 8, through: 0, by: -8).map {
        UInt8(truncatingIfNeeded: value >> Integer($0))
    }
}
