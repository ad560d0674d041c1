internal import CryptoCore
internal import SwiftProtobuf

/// Older messages, a page at a time.
extension ClientMachine {
    /// What an entry takes in memory besides its body.
    private static let entryByteCount = 256

    mutating func takeHistory(_ page: WireHistory) throws -> [ClientAction] {
        guard var messages = history, var receiver = historyReceiver else { return [] }
        let entries = [page.stretch.keys, page.stretch.entries].joined()
        historyByteCount += entries.reduce(ClientMachine.entryByteCount) {
            $0 + $1.body.count + ClientMachine.entryByteCount
        }
        guard historyByteCount <= ClientLimits.historyByteCount else {
            throw ChatError.violation("it sends a history without an end")
        }
        guard let before = SHA256Digest(page.stretch.previous) ?? historyPosition?.hash,
            historyPosition.map({ $0.hash == before }) ?? true,
            page.stretch.entries.first.map({ $0.seq > 0 }) ?? true,
            messages.count <= ClientMachine.largestHistoryCount
        else { throw ChatError.violation("its history cannot be read") }
        for entry in page.stretch.keys {
            receiver.learn(entry, directory: directory, revocations: revocations)
        }
        let first = page.stretch.entries.first.map { $0.seq - 1 }
        var at = LogPosition(seq: first ?? historyPosition?.seq ?? 0, hash: before)
        for entry in page.stretch.entries {
            guard let next = at.advanced(over: entry) else {
                throw ChatError.violation("its history is out of order")
            }
            at = next
            if let known = remembered[next.seq], known != next.hash {
                throw MemberDirectory.fork("the server's history is not the one you saw")
            }
            switch entry.kind {
            case .keys: receiver.learn(entry, directory: directory, revocations: revocations)
            case .message:
                guard let opened = try? receiver.open(entry, revocations: revocations),
                    directory.isHeard(opened.sender)
                else { continue }
                messages.append(shown(opened, entry, isReplay: true))
            case .event, .unspecified, .UNRECOGNIZED: continue
            }
        }
        historyReceiver = receiver
        history = messages
        historyPosition = at
        guard page.last else { return [] }
        history = nil
        openHistory = nil
        return [.show(.history(room: setup.room, count: messages.count))]
            + messages.map { .show(.message($0)) }
    }
}
