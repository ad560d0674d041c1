import ChatProtocol
import CryptoCore
import Failures
import FoundationEssentials
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport
import Testing

/// Who reads, and who is heard, in a room whose members change.
struct RoomTests {
    @Test func `what alice says, bob reads, and nobody without a wrap`() throws {
        var world = try ChatWorld.of("alice", "bob")
        let zoeName = try KeyName("zoe")
        let zoeKey = try TestKeys.all[2].publicKey.spkiDERRepresentation()
        try world.add(.register(name: zoeName, key: zoeKey, expires: nil))
        for name in ["alice", "bob"] {
            try world.add(.join(group: try KeyName("lobby"), name: try KeyName(name)))
        }
        var alice = try ChatPerson("alice", 0, world)
        var bob = try ChatPerson("bob", 1, world)
        var zoe = try ChatPerson("zoe", 2, world)
        try alice.logIn(world)
        try bob.logIn(world)
        try zoe.logIn(world)
        let said = alice.say("hello").frames
        #expect(said.count == 2)  // the announcement, the message
        for frame in said {
            let entries = try world.publish(frame, alice.keys.certificate.session)
            #expect(!"\(entries)".contains("hello"))
            let heard = bob.receive(entries)
            let overheard = zoe.receive(entries)
            if frame.publish.kind == .message {
                #expect(heard.messages == ["hello"])
                #expect(overheard.messages.isEmpty)
            }
            _ = alice.receive(entries)
        }
        #expect(alice.session.pendingCount == 0)
    }

    @Test(arguments: ["join lobby alice", "leave lobby bob", "remove bob", "disown bob"])
    func `who is in the room no longer opens nothing more, though the room's log keeps it quiet`(
        _ change: String
    ) throws {
        var world = try ChatWorld.of("alice", "bob")
        let (aliceName, bobName) = (try KeyName("alice"), try KeyName("bob"))
        let lobby = try KeyName("lobby")
        if change.hasPrefix("leave") {
            try world.add(.join(group: lobby, name: aliceName))
            try world.add(.join(group: lobby, name: bobName))
        }
        var alice = try ChatPerson("alice", 0, world)
        var bob = try ChatPerson("bob", 1, world)
        try alice.logIn(world)
        try bob.logIn(world)
        func say(_ text: String) throws -> [String] {
            (try world.carry(text, from: &alice, to: &bob)).messages
        }
        #expect(try say("before") == ["before"])
        #expect(try say("again") == ["again"])
        let count = world.lines.count
        switch change {
        case "join lobby alice": try world.add(.join(group: lobby, name: aliceName))
        case "leave lobby bob": try world.add(.leave(group: lobby, name: bobName))
        case "remove bob": try world.add(.remove(name: bobName))
        default:
            try world.add(
                .disown(name: bobName, version: 1, since: ChatWorld.now, reason: "stolen")
            )
        }
        let told = alice.receive(try world.update(from: count))
        #expect(told.failure == nil)
        let notices = told.compactMap { action -> String? in
            if case .show(.notice(let text, _)) = action { text } else { nil }
        }
        #expect(notices.joined().contains("bob"), "\(notices)")
        #expect(try say("after").isEmpty)
    }

    @Test func `who is not in the room is not heard, though the server lets them in`() throws {
        var world = try ChatWorld.of("alice", "bob")
        let lobby = try KeyName("lobby")
        try world.add(.join(group: lobby, name: try KeyName("alice")))
        try world.add(.join(group: lobby, name: try KeyName("bob")))
        var alice = try ChatPerson("alice", 0, world)
        var bob = try ChatPerson("bob", 1, world)
        try alice.logIn(world)
        try bob.logIn(world)
        func say(_ text: String) throws -> [ClientAction] {
            try world.carry(text, from: &bob, to: &alice)
        }
        #expect((try say("inside")).messages == ["inside"])
        let count = world.lines.count
        try world.add(.leave(group: lobby, name: try KeyName("bob")))
        _ = alice.receive(try world.update(from: count))
        let heard = try say("outside")
        #expect(heard.messages.isEmpty)
        #expect("\(heard)".contains("bob is not in the room"))
    }

    @Test func `nothing is said before the registry has told what the room's log speaks of`() throws
    {
        var world = try ChatWorld.of("alice", "bob")
        var alice = try ChatPerson("alice", 0, world)
        try alice.logIn(world)
        let count = world.lines.count
        try world.add(.remove(name: try KeyName("bob")))
        let before = world.room.head
        let (entry, _) = world.room.append(
            event: .with {
                $0.what = "left"
                $0.identity = SHA256Digest(hashing: [1]).data
                $0.registryCount = UInt64(world.lines.count)
            },
            changesMembership: true,
            at: ChatWorld.now.seconds * 1000
        )
        _ = alice.receive(
            .with {
                $0.entries.previous = before.hash.data
                $0.entries.entries = [entry]
            }
        )
        #expect(alice.say("not for bob").frames.isEmpty)
        #expect(alice.receive(try world.update(from: count)).frames.count == 2)
    }

    @Test func `whose key is in use again reads from the next message on`() throws {
        var world = try ChatWorld()
        for (index, name) in ["alice", "bob"].enumerated() {
            let key = try TestKeys.all[index].publicKey.spkiDERRepresentation()
            let expires = index == 1 ? Timestamp(seconds: ChatWorld.now.seconds - 60) : nil
            try world.add(.register(name: try KeyName(name), key: key, expires: expires))
        }
        var alice = try ChatPerson("alice", 0, world)
        var bob = try ChatPerson("bob", 1, world)
        try alice.logIn(world)
        try bob.logIn(world)
        func say(_ text: String) throws -> [String] {
            (try world.carry(text, from: &alice, to: &bob)).messages
        }
        #expect(try say("expired").isEmpty)
        let id = try PublicKey(TestKeys.all[1].publicKey).identityID
        let renewal = try Amendment.statement(
            .renew(expires: nil),
            id: id,
            version: 1,
            previous: id,
            key: TestKeys.all[1],
            time: ChatWorld.now
        )
        let count = world.lines.count
        try world.add(renewal)
        _ = alice.receive(try world.update(from: count))
        #expect(try say("renewed") == ["renewed"])
    }
}
