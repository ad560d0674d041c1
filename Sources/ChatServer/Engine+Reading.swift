import ChatProtocol
import CryptoCore
import KeyFormats
import Keystore
import NIOCore
import Registry
import SwiftProtobuf

/// What is read again from the store, a page at a time.
extension Engine {
    /// Entries as the wire has them; announcements that they need go before, in stretches of their
    /// own, so that no frame grows beyond what clients take.
    func encoded(_ entries: [StoredEntry], after seq: UInt64) throws -> [WireEntries] {
        guard let hash = try store.hash(at: seq) else { throw ServerError.damagedStore }
        let keys = try store.announcements(of: Engine.epochs(of: entries), before: seq + 1)
        return Engine.stretches(keys: keys, before: hash)
            + [
                .with {
                    $0.previous = hash.data
                    $0.entries = entries.map(\.entry)
                }
            ]
    }

    static func epochs(of entries: [StoredEntry]) -> [(SHA256Digest, UInt32)] {
        var epochs: [(SHA256Digest, UInt32)] = []
        for stored in entries where stored.entry.kind == .message {
            guard let session = stored.session,
                !epochs.contains(where: { $0.0 == session && $0.1 == stored.epoch })
            else { continue }
            epochs.append((session, stored.epoch))
        }
        return epochs
    }

    static func stretches(keys: [StoredEntry], before hash: SHA256Digest) -> [WireEntries] {
        var stretches: [WireEntries] = []
        var byteCount = Engine.pageByteCount
        for stored in keys {
            if byteCount + stored.entry.body.count > Engine.pageByteCount {
                stretches.append(.with { $0.previous = hash.data })
                byteCount = 0
            }
            byteCount += stored.entry.body.count
            stretches[stretches.count - 1].keys.append(stored.entry)
        }
        return stretches
    }

    func sendPage(
        to reference: SessionReference,
        after seq: UInt64,
        through end: UInt64
    ) throws {
        guard sessions[reference.id] != nil else { return }
        let entries = try store.page(after: seq, through: min(end, room.head.seq))
        guard let last = entries.last?.entry.seq else { return }
        var frames = ByteBuffer()
        for stretch in try encoded(entries, after: seq) {
            frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
        }
        reference.run { [frames] in $0.page(frames, last: last) }
    }

    func beginHistory(for reference: SessionReference, _ count: Int) throws {
        let wanted = count == 0 ? configuration.historyCount : count
        let head = room.head.seq
        let start = try store.start(
            ofLast: min(wanted, ClientMachine.largestHistoryCount),
            through: head
        )
        try sendHistory(to: reference, after: start, through: head)
    }

    /// One page; the session asks for the next when this one is on its way.
    func sendHistory(
        to reference: SessionReference,
        after seq: UInt64,
        through head: UInt64
    ) throws {
        guard sessions[reference.id] != nil else { return }
        let entries = try store.page(after: seq, through: head)
        var frames = ByteBuffer()
        let last = entries.last?.entry.seq ?? head
        for stretch in try encoded(entries, after: seq) {
            frames.writeBytes(FrameCodec.encode(.with { $0.history.stretch = stretch }))
        }
        if last >= head {
            frames.writeBytes(FrameCodec.encode(.with { $0.history.last = true }))
        }
        let next = last >= head ? nil : last
        reference.run { [frames] in $0.historyPage(frames, after: next, through: head) }
    }

    func sendWho(to reference: SessionReference) {
        let online = Set(sessions.values.map(\.member.name))
        let names = members.map(\.name).sorted()
        let frame = SessionHandler.encode(
            .with {
                $0.who.online = names.filter(online.contains).map(\.description)
                $0.who.offline = names.filter { !online.contains($0) }.map(\.description)
            }
        )
        reference.run {
            $0.send(frame)
            $0.completed(1)
        }
    }

    mutating func take(_ seq: UInt64, from reference: SessionReference) {
        pending.completed[reference.id, default: (reference, 0)].1 += 1
        guard let session = sessions[reference.id], seq <= room.head.seq else { return }
        pending.batch.cursors[session.member.identity] = seq
    }
}
