import ChatProtocol
import CryptoCore
import Failures
import FoundationEssentials
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport
import Testing

/// What members publish, as the server's room takes it.
struct ServerRoomTests {
    @Test func `what hostile members publish is refused and brings nobody down`() throws {
        var world = try ChatWorld.of("alice", "bob")
        var alice = try ChatPerson("alice", 0, world)
        try alice.logIn(world)
        let said = alice.say("one").frames
        let session = alice.keys.certificate.session
        _ = try world.publish(said[0], session)
        func refused(_ change: (inout WireMessageContent) -> Void) throws -> Bool {
            var signed = try WireSigned(serializedBytes: said[1].publish.body)
            var content = try WireMessageContent(serializedBytes: signed.content)
            change(&content)
            signed.content = try content.serializedBytes()
            let frame = try WireFrame.with {
                $0.publish.kind = .message
                $0.publish.body = try signed.serializedBytes()
            }
            do {
                var copy = world
                _ = try copy.publish(frame, session)
                return false
            } catch is ChatError {
                return true
            }
        }
        #expect(try !refused { _ in })
        #expect(try refused { $0.index = .max })
        #expect(try refused { $0.epoch = .max })
        #expect(try refused { $0.epoch = 2 })
        #expect(try refused { $0.room = "other" })
        #expect(try refused { $0.chat = SHA256Digest(hashing: []).data })
        #expect(try refused { $0.id = .init() })
        #expect(try refused { $0.seen.hash = .init() })
        #expect(try refused { $0.ciphertext = .init(repeating: 0, count: 1 << 17) })
        // Once taken, its index is spent.
        _ = try world.publish(said[1], session)
        #expect(try refused { _ in })
        #expect(throws: ChatError.self) {
            _ = try world.room.claim(said[1].publish, from: SHA256Digest(hashing: [9]))
        }
    }
}
