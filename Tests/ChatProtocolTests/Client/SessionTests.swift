import ChatProtocol
import CryptoCore
import Failures
import FoundationEssentials
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport
import Testing

/// Clients against a server's values, without sockets: a lie of the server is one line here.
struct SessionTests {
    @Test func `a message that is rejected with any code is told as refused, with its reference`()
        throws
    {
        let world = try ChatWorld.of("alice", "bob")
        for code in ["invalid-message", "forbidden", "of a later version", ""] {
            var alice = try ChatPerson("alice", 0, world)
            try alice.logIn(world)
            let said = alice.say("hello", reference: "7").frames
            let published = try #require(said.last { $0.publish.kind == .message })
            let signed = try WireSigned(serializedBytes: published.publish.body)
            let content = try WireMessageContent(serializedBytes: signed.content)
            let actions = alice.receive(
                .with {
                    $0.rejected.id = content.id
                    $0.rejected.code = code
                    $0.rejected.message = "no"
                }
            )
            var references: [String?] = []
            for case .show(.refused(_, id: Array(content.id), let reference)) in actions {
                references.append(reference)
            }
            #expect(references == ["7"])
            #expect(alice.session.pendingCount == 0)
        }
    }

    @Test func `each flipped bit of a message is noticed`() throws {
        var world = try ChatWorld.of("alice", "bob")
        var alice = try ChatPerson("alice", 0, world)
        var bob = try ChatPerson("bob", 1, world)
        try alice.logIn(world)
        try bob.logIn(world)
        let said = alice.say("pay 100").frames
        _ = bob.receive(try world.publish(said[0], alice.keys.certificate.session))
        let entries = try world.publish(said[1], alice.keys.certificate.session)
        let body = Array(entries.entries.entries[0].body)
        for index in stride(from: 0, to: body.count, by: 3) {
            var changed = entries
            var bytes = body
            bytes[index] ^= 4
            changed.entries.entries[0].body = .init(bytes)
            var copy = bob
            #expect(copy.receive(changed).messages.isEmpty, "byte \(index)")
        }
    }

    @Test func `a gap, a repetition, another start and an unsigned registry end the session`()
        throws
    {
        var world = try ChatWorld.of("alice", "bob")
        var alice = try ChatPerson("alice", 0, world)
        var bob = try ChatPerson("bob", 1, world)
        try alice.logIn(world)
        try bob.logIn(world)
        let said = alice.say("one").frames
        let first = try world.publish(said[0], alice.keys.certificate.session)
        let second = try world.publish(said[1], alice.keys.certificate.session)
        var gap = bob
        #expect(gap.receive(second).failure?.code == .fork)
        var twice = bob
        _ = twice.receive(first)
        #expect(twice.receive(first).failure?.code == .fork)

        var unsigned = try ChatPerson("bob", 1, world)
        #expect(
            unsigned.receive(try world.update(signedBy: TestKeys.all[0])).failure?.code
                == .fork
        )
        var early = try ChatPerson("bob", 1, world)
        #expect(early.receive(world.welcome()).failure?.code == .protocolViolation)
        var outOfTurn = try ChatPerson("bob", 1, world)
        #expect(outOfTurn.receive(first).failure?.code == .protocolViolation)
    }

    @Test func `a rewritten registry does not come out`() throws {
        let honest = try ChatWorld.of("alice", "bob")
        var bob = try ChatPerson("bob", 1, honest)
        try bob.logIn(honest)
        var other = try ChatWorld()
        let keys = [0, 1].map { TestKeys.all[$0] }
        for (name, key) in zip(["bob", "alice"], keys.reversed()) {
            let der = try key.publicKey.spkiDERRepresentation()
            try other.add(.register(name: try KeyName(name), key: der, expires: nil))
        }
        try other.add(
            .register(
                name: try KeyName("eve"),
                key: try TestKeys.all[3].publicKey.spkiDERRepresentation(),
                expires: nil
            )
        )
        #expect(bob.receive(try other.update(from: 4)).failure?.code == .fork)
    }
}
