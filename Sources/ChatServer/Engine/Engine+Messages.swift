import ChatProtocol
import CryptoCore
import NIOCore
import SwiftProtobuf

/// Published frames: they are ordered, committed, and then broadcast.
extension Engine {
    /// Takes a published frame; it is answered after the next commit.
    mutating func take(_ publish: WirePublish, from port: any SessionPort) {
        room.complete(for: port)
        guard let session = sessions[port.id] else { return }
        var id: [UInt8] = []
        do {
            let claim = try room.log.claim(publish, from: session.name)
            id = claim.id
            try take(claim, of: session)
        } catch let error as ChatError {
            room.refuse(id, error, for: port)
        } catch {
            problems.begin(.reading, error)
            Engine.dismiss(port, "the server cannot read its store at the moment")
        }
        if room.pendingByteCount > ServerLimits.commitByteCount { commit() }
    }

    private mutating func take(_ claim: ServerRoom.Claim, of session: EngineSession) throws {
        // A repeated id is looked up first: it is acknowledged even if the members changed after
        // it.
        if let seq = try room.pendingSequence(of: claim.id) ?? store.sequence(ofID: claim.id) {
            return room.accept(claim.id, at: seq, for: session.port)
        }
        if let refusal = storeState.refusal { throw refusal }
        guard
            try room.log.hash(at: claim.seen.seq) ?? store.hash(at: claim.seen.seq)
                == claim.seen.hash
        else { throw ServerRoom.invalid("it names an entry that is not in this log") }
        try room.add(claim, of: session.name, for: session.port, at: clock.wall)
    }

    /// Notes that a session has received everything up to an entry.
    mutating func take(_ seq: UInt64, from port: any SessionPort) {
        room.complete(for: port)
        guard let session = sessions[port.id], storeState.isWorking else { return }
        room.receive(seq, by: session.member.identity)
    }

    /// Writes the waiting entries to the store, then broadcasts them.
    ///
    /// An entry is broadcast only after it is committed to disk. If the store cannot be written,
    /// the room returns to its value from before, and the messages are refused.
    mutating func commit() {
        var done = room.takePending()
        if done.batch.isEmpty || write(done.batch) {
            if let before = done.before { broadcast(done.batch.entries, after: before.head) }
        } else {
            room.goBack(before: done)
            if let refusal = storeState.refusal { done.undo(refusal, head: room.head.seq) }
        }
        done.tell()
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
            byteCount += stored.entry.body.count + Engine.entryByteCount
            before = stored.hash
        }
        frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
        let first = previous.seq + 1
        let last = previous.seq + UInt64(entries.count)
        for loop in loops { loop.deliver(frames, from: first, to: last) }
    }

    /// The largest size of an entry's other fields in a frame, in bytes.
    private static let entryByteCount = 100
}
