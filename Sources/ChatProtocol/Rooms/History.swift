internal import CryptoCore
internal import SwiftProtobuf

/// Receives older messages, which the server sends in pages; `Room` owns it.
///
/// ```
/// idle ──▶ receiving ──▶ idle      one request at a time
/// ```
struct History {
    /// The part of an answer that has arrived.
    private struct Answer {
        /// The number of messages in the request; `nil` for the server's default.
        let wantedCount: Int?
        /// Decrypts the messages; it keeps the keys of older epochs.
        var receiver: ReceiverKeys
        /// The last entry that arrived; `nil` before the first page.
        var position: LogPosition?
        var byteCount = 0
        var messages: [ChatMessage] = []

        /// Adds a page's bytes; throws `ChatError` if the answer exceeds `historyByteCount`.
        mutating func addByteCount(of page: WireEntries) throws(ChatError) {
            byteCount += History.entryByteCount
            for entry in page.keys { byteCount += entry.body.count + History.entryByteCount }
            for entry in page.entries { byteCount += entry.body.count + History.entryByteCount }
            guard byteCount <= ClientLimits.historyByteCount else {
                throw ChatError.violation("it sends a history without an end")
            }
        }

        /// Returns the position before a page's first entry.
        ///
        /// Throws `ChatError` if the page does not follow the one before.
        func start(of page: WireEntries) throws(ChatError) -> LogPosition {
            guard let hash = SHA256Digest(page.previous) ?? position?.hash,
                position?.hash ?? hash == hash, page.entries.first?.seq != 0,
                messages.count <= ClientLimits.historyMessageCount
            else { throw ChatError.violation("its history cannot be read") }
            return LogPosition(
                seq: page.entries.first.map { $0.seq - 1 } ?? position?.seq ?? 0,
                hash: hash
            )
        }
    }

    private enum State {
        case idle
        case receiving(Answer)
    }

    /// The memory of an entry besides its body, in bytes.
    private static let entryByteCount = 256

    private let room: String
    private var state = State.idle

    init(room: String) { self.room = room }

    /// Whether no answer is due.
    var isIdle: Bool {
        switch state {
        case .idle: true
        case .receiving: false
        }
    }

    /// Returns the request for older messages; `receiver` decrypts the answer.
    mutating func ask(_ count: Int?, receiver: ReceiverKeys) -> WireFrame {
        state = .receiving(Answer(wantedCount: count, receiver: receiver))
        let wanted = UInt32(min(count ?? 0, ClientLimits.historyMessageCount))
        return .with { $0.historyRequest = .with { $0.count = wanted } }
    }

    /// Notes that the connection was lost; returns the unfinished request, to be sent again.
    mutating func interrupt() -> ClientRequest? {
        switch state {
        case .idle: return nil
        case .receiving(let answer):
            state = .idle
            return .history(answer.wantedCount)
        }
    }

    /// Takes a page; returns all messages after the last page, and `nil` before.
    ///
    /// Throws `ChatError` if the page contradicts `log`, the log that was shown, or if the answer
    /// is too long.
    mutating func take(
        _ page: WireHistory,
        log: RoomLog,
        revocations: Revocations,
        directory: MemberDirectory
    ) throws(ChatError) -> [ChatMessage]? {
        switch state {
        case .idle: return nil
        case .receiving(var answer):
            state = .idle  // so `answer` is the only copy of the messages
            try answer.addByteCount(of: page.stretch)
            var place = try answer.start(of: page.stretch)
            for entry in page.stretch.keys {
                answer.receiver.learn(entry, directory: directory, revocations: revocations)
            }
            for entry in page.stretch.entries {
                guard let next = place.advanced(over: entry) else {
                    throw ChatError.violation("its history is out of order")
                }
                guard !log.contradicts(next) else {
                    throw MemberDirectory.fork("the server's history is not the one you saw")
                }
                place = next
                switch entry.kind {
                case .keys:
                    answer.receiver.learn(entry, directory: directory, revocations: revocations)
                case .message:
                    guard let opened = try? answer.receiver.open(entry, revocations: revocations),
                        directory.isHeard(opened.sender)
                    else { continue }
                    answer.messages.append(
                        ChatMessage(opened, entry, room: room, isReplay: true)
                    )
                case .event, .unspecified, .UNRECOGNIZED: continue
                }
            }
            answer.position = place
            guard !page.last else { return answer.messages }
            state = .receiving(answer)
            return nil
        }
    }
}
