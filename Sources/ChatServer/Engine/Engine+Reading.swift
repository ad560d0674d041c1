import ChatProtocol
import CryptoCore
import KeyFormats
import Keystore
import NIOCore
import Registry
import SwiftProtobuf

/// Reading the store for sessions, one page at a time.
extension Engine {
    /// A page of entries with the announcements that they need.
    private struct Page {
        var entries: [StoredEntry] = []
        var stretches: [WireEntries] = []
    }

    /// Returns a page of entries, with the announcements that they need in stretches before them.
    ///
    /// The announcements have stretches of their own, so that no frame exceeds the client's limit.
    /// A page ends early if its messages need more announcements than `pageKeyByteCount`.
    private func page(after seq: UInt64, through end: UInt64) throws -> Page {
        guard let hash = try store.hash(at: seq) else { throw ServerError.damagedStore }
        var page = Page()
        var keys: [StoredEntry] = []
        var keyByteCount = 0
        var known: Set<SessionEpoch> = []
        for stored in try store.page(after: seq, through: min(end, room.head.seq)) {
            let epoch = stored.session.map { SessionEpoch(session: $0, number: stored.epoch) }
            if stored.entry.kind == .message, let epoch, known.insert(epoch).inserted {
                let needed = try store.announcements(of: epoch, before: seq + 1)
                keyByteCount += needed.reduce(0) { $0 + $1.entry.body.count }
                if keyByteCount > ServerLimits.pageKeyByteCount, !page.entries.isEmpty { break }
                keys += needed
            }
            page.entries.append(stored)
        }
        page.stretches = Engine.stretches(keys: keys, before: hash)
        page.stretches.append(
            .with {
                $0.previous = hash.data
                $0.entries = page.entries.map(\.entry)
            }
        )
        return page
    }

    /// Sends announcements of epochs in use, up to the limit of one page.
    ///
    /// The session asks for the rest when these are being sent.
    func sendKeys(
        to port: any SessionPort,
        of epochs: [SessionEpoch],
        through seq: UInt64
    ) throws {
        guard sessions[port.id] != nil else { return }
        guard let hash = try store.hash(at: seq) else { throw ServerError.damagedStore }
        var keys: [StoredEntry] = []
        var byteCount = 0
        var count = 0
        for epoch in epochs.prefix(ServerLimits.pageEntryCount) {
            guard byteCount < ServerLimits.pageKeyByteCount else { break }
            let announcements = try store.announcements(of: epoch, before: seq + 1)
            for announcement in announcements { byteCount += announcement.entry.body.count }
            keys += announcements
            count += 1
        }
        var frames = ByteBuffer()
        for stretch in Engine.stretches(keys: keys, before: hash) {
            frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
        }
        port.tell(.keysPage(frames, epochCount: count))
    }

    static func stretches(keys: [StoredEntry], before hash: SHA256Digest) -> [WireEntries] {
        var stretches: [WireEntries] = []
        var byteCount = ServerLimits.pageByteCount
        for stored in keys {
            if byteCount + stored.entry.body.count > ServerLimits.pageByteCount {
                stretches.append(.with { $0.previous = hash.data })
                byteCount = 0
            }
            byteCount += stored.entry.body.count
            stretches[stretches.count - 1].keys.append(stored.entry)
        }
        return stretches
    }

    func sendPage(
        to port: any SessionPort,
        after seq: UInt64,
        through end: UInt64
    ) throws {
        guard sessions[port.id] != nil else { return }
        let page = try page(after: seq, through: end)
        guard let last = page.entries.last?.entry.seq else { return }
        var frames = ByteBuffer()
        for stretch in page.stretches {
            frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
        }
        port.tell(.page(frames, last: last))
    }

    func beginHistory(for port: any SessionPort, _ count: Int) throws {
        let wanted = count == 0 ? configuration.historyCount : count
        let head = room.head.seq
        let start = try store.start(
            ofLast: min(wanted, ClientLimits.historyMessageCount),
            through: head
        )
        try sendHistory(to: port, after: start, through: head)
    }

    /// Sends one page of history; the session asks for the next one when this one is being sent.
    func sendHistory(
        to port: any SessionPort,
        after seq: UInt64,
        through head: UInt64
    ) throws {
        guard sessions[port.id] != nil else { return }
        let page = try page(after: seq, through: head)
        var frames = ByteBuffer()
        let last = page.entries.last?.entry.seq ?? head
        for stretch in page.stretches {
            frames.writeBytes(FrameCodec.encode(.with { $0.history.stretch = stretch }))
        }
        if last >= head {
            frames.writeBytes(FrameCodec.encode(.with { $0.history.last = true }))
        }
        let next = last >= head ? nil : last
        port.tell(.historyPage(frames, next: next, through: head))
    }

    /// Sends the list of connected members; the frame is made once after each change.
    mutating func sendWho(to port: any SessionPort) {
        let frame = whoFrame ?? makeWhoFrame()
        whoFrame = frame
        port.tell(.answer(frame))
    }

    private func makeWhoFrame() -> ByteBuffer {
        let online = sessions.members
        let names = members.map(\.name).sorted()
        return SessionMachine.encode(
            .with {
                $0.who.online = names.filter(online.contains).map(\.description)
                $0.who.offline = names.filter { !online.contains($0) }.map(\.description)
            }
        )
    }
}
