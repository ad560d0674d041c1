import ChatProtocol
import CryptoCore
import Failures
import FoundationEssentials
import KeyFormats
import SwiftProtobuf
import Testing

struct FrameTests {
    private func frame(_ text: String) -> WireFrame { .with { $0.bye.message = text } }

    @Test func `frames come out whole, byte by byte and glued together`() throws {
        let frames = ["", "one", String(repeating: "x", count: 1_000)].map(frame)
        let bytes = frames.flatMap(FrameCodec.encode)
        var decoder = FrameDecoder(limit: 4_096)
        var received: [WireFrame] = []
        for byte in bytes {
            decoder.receive([byte])
            while let next = try decoder.next() { received.append(next) }
        }
        #expect(received == frames)
        var glued = FrameDecoder(limit: 4_096)
        glued.receive(bytes)
        for expected in frames { #expect(try glued.next() == expected) }
        #expect(try glued.next() == nil)
    }

    @Test func `a frame over the limit is refused by its head alone`() {
        var decoder = FrameDecoder(limit: 10)
        decoder.receive([0, 0, 0, 11])
        #expect(throws: ChatError.self) { _ = try decoder.next() }
        var junk = FrameDecoder(limit: 100)
        junk.receive([0, 0, 0, 3, 0xff, 0xff, 0xff])
        #expect(throws: ChatError.self) { _ = try junk.next() }
    }

    @Test func `each field of an entry is in the log's hash, and none is out of bounds`() throws {
        let start = LogPosition.beginning(chat: SHA256Digest(hashing: [1]), room: "lobby")
        let entry = WireEntry.with {
            $0.seq = 1
            $0.time = 1_000
            $0.kind = .message
            $0.body = SHA256Digest(hashing: [2]).data
        }
        let end = try #require(start.advanced(over: entry))
        for change in [
            { $0.time += 1 }, { $0.kind = .keys }, { $0.body.append(0) },
        ] as [(inout WireEntry) -> Void] {
            var changed = entry
            change(&changed)
            #expect(start.advanced(over: changed) != end)
        }
        // The digest takes the place of a body that was deleted.
        var pruned = entry
        pruned.bodyHash = SHA256Digest(hashing: Array(entry.body)).data
        pruned.body = .init()
        #expect(start.advanced(over: pruned) == end)
        for change in [
            { $0.seq = 2 }, { $0.seq = 0 }, { $0.time = -1 }, { $0.time = .max },
        ] as [(inout WireEntry) -> Void] {
            var changed = entry
            change(&changed)
            #expect(start.advanced(over: changed) == nil)
        }
        #expect(LogPosition.beginning(chat: SHA256Digest(hashing: [2]), room: "lobby") != start)
        #expect(LogPosition.beginning(chat: SHA256Digest(hashing: [1]), room: "other") != start)
    }
}
