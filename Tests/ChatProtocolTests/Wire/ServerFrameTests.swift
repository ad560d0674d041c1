import ChatProtocol
import CryptoCore
import FoundationEssentials
import SwiftProtobuf
import Testing

/// Decoding a client's frames at the server: their kind and size are checked before.
struct ServerFrameTests {
    private func taken(_ bytes: [UInt8]) throws -> WireFrame? {
        var decoder = FrameDecoder(
            limit: ServerLimits.frameByteCount,
            kinds: FrameDecoder.clientKinds
        )
        decoder.receive(bytes)
        return try decoder.next()
    }

    private func length(_ body: [UInt8]) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) } + body
    }

    @Test func `a client's frames come through`() throws {
        let frames: [WireFrame] = [
            .with { $0.hello.statements = [Data([1]), Data([2])] },
            .with { $0.publish.body = Data(repeating: 1, count: 1_000) },
            .with { $0.historyRequest.count = 5 }, .with { $0.whoRequest = .init() },
            .with { $0.received.seq = .max }, .with { $0.shutdownRequest = .init() },
            .with { $0.reloadRequest = .init() },
            .with { $0.ping = .init() }, .with { $0.pong = .init() },
        ]
        for frame in frames { #expect(try taken(FrameCodec.encode(frame)) == frame) }
    }

    @Test func `a server's frames, two in one, numbers and junk are refused`() throws {
        let refused: [[UInt8]] = [
            FrameCodec.encode(.with { $0.entries.keys = [.init(), .init()] }),
            FrameCodec.encode(.with { $0.registryUpdate.lines = [Data()] }),
            FrameCodec.encode(.with { $0.who.online = ["a"] }),
            length([0x82, 0x01, 0, 0x82, 0x01, 0]),  // two pings
            length([0x28, 1]),  // publish as a number
            length([0x2a, 5, 1]),  // publish that is cut
            length([0x2a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
            length([0x0b, 0x0c]),  // a group
            length([0xff]), length([]),
        ]
        for bytes in refused { #expect(throws: ChatError.self) { _ = try taken(bytes) } }
    }

    @Test func `a Hello with more statements than one may bring is refused undecoded`() throws {
        let count = ServerLimits.helloFieldCount
        let many = WireFrame.with {
            $0.hello.statements = Array(repeating: Data(), count: count + 1)
        }
        #expect(throws: ChatError.self) { _ = try taken(FrameCodec.encode(many)) }
    }

    @Test func `an announcement with more wraps than members is refused by their count`() throws {
        let chat = SHA256Digest(hashing: [1])
        let session = SHA256Digest(hashing: [2])
        let start = LogPosition.beginning(chat: chat, room: "lobby")
        let room = ServerRoom(chat: chat, name: "lobby", head: start, lastMembershipSeq: 0)
        func claim(wraps: Int) throws -> ServerRoom.Claim {
            let content = WireKeyContent.with {
                $0.chat = chat.data
                $0.room = "lobby"
                $0.session = session.data
                $0.epoch = 3
                $0.firstIndex = 4
                $0.id = Data(repeating: 5, count: 16)
                $0.seen = start.wire
                $0.wraps = Array(repeating: WireWrap(), count: wraps)
            }
            let signed = try WireSigned.with {
                $0.session = session.data
                $0.content = try content.serializedBytes()
            }
            return try room.claim(
                .with {
                    $0.kind = .keys
                    $0.body = try signed.serializedBytes()
                },
                from: session
            )
        }
        let taken = try claim(wraps: ServerLimits.wrapCount)
        #expect(taken.epoch == 3 && taken.index == 4 && taken.seen == start)
        #expect(throws: ChatError.self) { try claim(wraps: ServerLimits.wrapCount + 1) }
        #expect(throws: ChatError.self) { try claim(wraps: 500_000) }
    }
}
