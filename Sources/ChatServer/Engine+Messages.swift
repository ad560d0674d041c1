import ChatProtocol
import Foundation
import NIOCore
import SwiftProtobuf

/// What is published: ordered, committed, and only then told.
extension Engine {
    mutating func take(_ publish: WirePublish, from reference: SessionReference) throws {
        pending.completed[reference.id, default: (reference, 0)].1 += 1
        guard let session = sessions[reference.id] else { return }
        var id: [UInt8] = []
        do {
            let claim = try room.claim(publish, from: session.session)
            id = claim.id
            // A repeated id is looked up first: it is acknowledged whatever came after it.
            if let seq = try pending.ids[id] ?? store.sequence(ofID: id) {
                pending.replies.append(
                    (
                        reference,
                        .with {
                            $0.accepted = .with {
                                $0.id = Data(id)
                                $0.seq = seq
                            }
                        }
                    )
                )
                return
            }
            guard
                try room.hash(at: claim.seen.seq) ?? store.hash(at: claim.seen.seq)
                    == claim.seen.hash
            else { throw ServerRoom.invalid("it names an entry that is not in this log") }
            let before = room.head
            let (entry, position) = try room.append(
                claim,
                from: session.session,
                at: Engine.milliseconds()
            )
            append(
                StoredEntry(
                    entry: entry,
                    hash: position.hash,
                    id: id,
                    session: session.session,
                    epoch: claim.epoch,
                    index: claim.index
                ),
                after: before
            )
            pending.ids[id] = entry.seq
        } catch let error as ChatError {
            pending.replies.append(
                (
                    reference,
                    .with {
                        $0.rejected = .with {
                            $0.id = Data(id)
                            $0.code = error.codeName
                            $0.message = error.message
                            $0.hint = error.hint ?? ""
                        }
                    }
                )
            )
        }
    }

    mutating func append(_ entry: StoredEntry, after position: LogPosition) {
        if pending.previous == nil { pending.previous = position }
        pending.batch.entries.append(entry)
    }

    static func milliseconds() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// Writes what waits, then tells everybody.
    ///
    /// Nobody hears of an entry that is not on disk.
    mutating func commit() throws {
        let done = pending
        pending = Pending()
        if !done.batch.isEmpty { try store.commit(done.batch) }
        if let previous = done.previous { broadcast(done.batch.entries, after: previous) }
        for (reference, frame) in done.replies {
            let bytes = SessionHandler.encode(frame)
            reference.run { $0.send(bytes) }
        }
        for (reference, count) in done.completed.values { reference.run { $0.completed(count) } }
    }

    func broadcast(_ entries: [StoredEntry], after previous: LogPosition) {
        var frames = ByteBuffer()
        var before = previous.hash
        var stretch = WireEntries.with { $0.previous = before.data }
        var byteCount = 0
        for stored in entries {
            if byteCount > 0, byteCount + stored.entry.body.count > Engine.pageByteCount {
                frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
                stretch = WireEntries.with { $0.previous = before.data }
                byteCount = 0
            }
            stretch.entries.append(stored.entry)
            byteCount += stored.entry.body.count + 100
            before = stored.hash
        }
        frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
        let first = previous.seq + 1
        let last = room.head.seq
        for hub in hubs { hub.run { [frames] in $0.deliver(frames, from: first, to: last) } }
    }
}
