import ChatProtocol
import CryptoCore
import Foundation
import NIOCore
import SwiftProtobuf

/// What is published: ordered, committed, and then broadcast.
extension Engine {
    mutating func take(_ publish: WirePublish, from reference: SessionReference) {
        pending.completed[reference.id, default: (reference, 0)].1 += 1
        guard let session = sessions[reference.id] else { return }
        var id: [UInt8] = []
        do {
            let claim = try room.claim(publish, from: session.session)
            id = claim.id
            // A repeated id is looked up first: it is acknowledged whatever came after it.
            if let seq = try pending.ids[id] ?? store.sequence(ofID: id) {
                pending.acceptances.append(
                    Pending.Acceptance(reference: reference, id: id, seq: seq)
                )
                return
            }
            if let storeRefusal { throw storeRefusal }
            guard
                try room.hash(at: claim.seen.seq) ?? store.hash(at: claim.seen.seq)
                    == claim.seen.hash
            else { throw ServerRoom.invalid("it names an entry that is not in this log") }
            let (entry, position) = try append(claim, from: session.session)
            pending.batch.entries.append(
                StoredEntry(
                    entry: entry,
                    hash: position.hash,
                    id: id,
                    session: session.session,
                    epoch: claim.epoch,
                    index: claim.index
                )
            )
            pending.ids[id] = entry.seq
            pending.published.append(Pending.Published(reference: reference, id: id))
            pending.byteCount += entry.body.count
        } catch let error as ChatError {
            pending.rejections.append((reference, Engine.rejection(id, error)))
        } catch {
            problems.begin(.reading, error)
            Engine.dismiss(reference, "the server cannot read its store at the moment")
        }
        if pending.byteCount > ServerLimits.commitByteCount { commit() }
    }

    /// Puts a claim into the room; the room before a batch's first entry is kept, to go back to.
    private mutating func append(
        _ claim: ServerRoom.Claim,
        from session: SHA256Digest
    ) throws(ChatError) -> (entry: WireEntry, position: LogPosition) {
        let time = entryTime()
        guard pending.before == nil else {
            return try room.append(claim, from: session, at: time)
        }
        let before = room
        let appended = try room.append(claim, from: session, at: time)
        pending.before = before
        return appended
    }

    private static func rejection(_ id: [UInt8], _ error: ChatError) -> WireFrame {
        .with {
            $0.rejected = .with {
                $0.id = Data(id)
                $0.code = error.codeName
                $0.message = error.message
                $0.hint = error.hint ?? ""
            }
        }
    }

    /// Writes what waits, then broadcasts it.
    ///
    /// An entry is broadcast only after it is on disk. Where the store cannot be written, the room
    /// goes back to where it was, and what was published is refused.
    mutating func commit() {
        var done = pending
        pending = Pending()
        if !done.batch.isEmpty, !write(done.batch) {
            if let before = done.before { room = before }
            undo(&done)
        } else if let before = done.before {
            broadcast(done.batch.entries, after: before.head)
        }
        for acceptance in done.acceptances {
            let bytes = SessionHandler.encode(
                .with {
                    $0.accepted = .with {
                        $0.id = Data(acceptance.id)
                        $0.seq = acceptance.seq
                    }
                }
            )
            acceptance.reference.run { $0.send(bytes) }
        }
        for (reference, frame) in done.rejections {
            let bytes = SessionHandler.encode(frame)
            reference.run { $0.send(bytes) }
        }
        for (reference, count) in done.completed.values { reference.run { $0.completed(count) } }
    }

    /// Turns what would have been said of a batch that is not on disk into refusals.
    private func undo(_ done: inout Pending) {
        guard let error = storeRefusal else { return }
        for published in done.published {
            done.rejections.append((published.reference, Engine.rejection(published.id, error)))
        }
        for lost in done.acceptances where lost.seq > room.head.seq {
            done.rejections.append((lost.reference, Engine.rejection(lost.id, error)))
        }
        done.acceptances.removeAll { $0.seq > room.head.seq }
    }

    func broadcast(_ entries: [StoredEntry], after previous: LogPosition) {
        guard !entries.isEmpty else { return }
        var frames = ByteBuffer()
        var before = previous.hash
        var stretch = WireEntries.with { $0.previous = before.data }
        var byteCount = 0
        for stored in entries {
            if byteCount > 0, byteCount + stored.entry.body.count > ServerLimits.pageByteCount {
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
        let last = previous.seq + UInt64(entries.count)
        for hub in hubs { hub.run { [frames] in $0.deliver(frames, from: first, to: last) } }
    }

    mutating func take(_ seq: UInt64, from reference: SessionReference) {
        pending.completed[reference.id, default: (reference, 0)].1 += 1
        guard let session = sessions[reference.id], seq <= room.head.seq,
            case .working = storeState
        else { return }
        let identity = session.member.identity
        pending.batch.cursors[identity] = max(pending.batch.cursors[identity] ?? 0, seq)
    }
}
