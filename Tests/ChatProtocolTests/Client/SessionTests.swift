import ChatProtocol
import CryptoCore
import FoundationEssentials
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport
import Testing

/// Clients against a server's values, without sockets: what a hostile side sends is one line here.
struct MachineTests {
    private func frames(_ actions: [ClientAction]) -> [WireFrame] {
        actions.compactMap { if case .send(let frame) = $0 { frame } else { nil } }
    }

    private func messages(_ actions: [ClientAction]) -> [String] {
        actions.compactMap {
            if case .show(.message(let message)) = $0 { message.text } else { nil }
        }
    }

    /// What a listener makes of it when a speaker says something, and the server takes it.
    private func hears(
        _ listener: inout MachinePerson,
        _ text: String,
        from speaker: inout MachinePerson,
        in world: inout MachineWorld
    ) throws -> [ClientAction] {
        try frames(speaker.machine.say(text)).flatMap { frame in
            let entries = try world.publish(frame, speaker.keys.certificate.session)
            _ = speaker.machine.receive(entries)
            return listener.machine.receive(entries)
        }
    }

    private func failure(_ actions: [ClientAction]) -> ChatError? {
        for case .finish(let error) in actions { return error }
        return nil
    }

    private func world() throws -> MachineWorld {
        var world = try MachineWorld()
        for (index, name) in ["alice", "bob"].enumerated() {
            let key = try TestKeys.all[index].publicKey.spkiDERRepresentation()
            try world.add(.register(name: try KeyName(name), key: key, expires: nil))
        }
        return world
    }

    private func login(_ person: inout MachinePerson, _ world: MachineWorld) throws {
        #expect(failure(person.machine.receive(try world.update())) == nil)
        #expect(failure(person.machine.receive(world.welcome())) == nil)
    }

    @Test func `a message that is rejected with any code is told as refused, with its reference`()
        throws
    {
        let world = try world()
        for code in ["invalid-message", "forbidden", "of a later version", ""] {
            var alice = try MachinePerson("alice", 0, world)
            try login(&alice, world)
            let said = frames(alice.machine.say("hello", reference: "7"))
            let published = try #require(said.last { $0.publish.kind == .message })
            let signed = try WireSigned(serializedBytes: published.publish.body)
            let content = try WireMessageContent(serializedBytes: signed.content)
            let actions = alice.machine.receive(
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
            #expect(alice.machine.pendingCount == 0)
        }
    }

    @Test func `what alice says, bob reads, and nobody without a wrap`() throws {
        var world = try world()
        let zoeName = try KeyName("zoe")
        let zoeKey = try TestKeys.all[2].publicKey.spkiDERRepresentation()
        try world.add(.register(name: zoeName, key: zoeKey, expires: nil))
        for name in ["alice", "bob"] {
            try world.add(.join(group: try KeyName("lobby"), name: try KeyName(name)))
        }
        var alice = try MachinePerson("alice", 0, world)
        var bob = try MachinePerson("bob", 1, world)
        var zoe = try MachinePerson("zoe", 2, world)
        for _ in 0..<1 {
            try login(&alice, world)
            try login(&bob, world)
            try login(&zoe, world)
        }
        let said = frames(alice.machine.say("hello"))
        #expect(said.count == 2)  // the announcement, the message
        for frame in said {
            let entries = try world.publish(frame, alice.keys.certificate.session)
            #expect(!"\(entries)".contains("hello"))
            let heard = bob.machine.receive(entries)
            let overheard = zoe.machine.receive(entries)
            if frame.publish.kind == .message {
                #expect(messages(heard) == ["hello"])
                #expect(messages(overheard).isEmpty)
            }
            _ = alice.machine.receive(entries)
        }
        #expect(alice.machine.pendingCount == 0)
    }

    @Test(arguments: ["join lobby alice", "leave lobby bob", "remove bob", "disown bob"])
    func `who is in the room no longer opens nothing more, though the room's log keeps it quiet`(
        _ change: String
    ) throws {
        var world = try world()
        let (aliceName, bobName) = (try KeyName("alice"), try KeyName("bob"))
        let lobby = try KeyName("lobby")
        if change.hasPrefix("leave") {
            try world.add(.join(group: lobby, name: aliceName))
            try world.add(.join(group: lobby, name: bobName))
        }
        var alice = try MachinePerson("alice", 0, world)
        var bob = try MachinePerson("bob", 1, world)
        try login(&alice, world)
        try login(&bob, world)
        func say(_ text: String) throws -> [String] {
            messages(try hears(&bob, text, from: &alice, in: &world))
        }
        #expect(try say("before") == ["before"])
        #expect(try say("again") == ["again"])
        let count = world.lines.count
        switch change {
        case "join lobby alice": try world.add(.join(group: lobby, name: aliceName))
        case "leave lobby bob": try world.add(.leave(group: lobby, name: bobName))
        case "remove bob": try world.add(.remove(name: bobName))
        default:
            try world.add(.disown(name: bobName, version: 1, since: .now, reason: "stolen"))
        }
        let told = alice.machine.receive(try world.update(from: count))
        #expect(failure(told) == nil)
        let notices = told.compactMap { action -> String? in
            if case .show(.notice(let text, _)) = action { text } else { nil }
        }
        #expect(notices.joined().contains("bob"), "\(notices)")
        #expect(try say("after").isEmpty)
    }

    @Test func `who is not in the room is not heard, though the server lets them in`() throws {
        var world = try world()
        let lobby = try KeyName("lobby")
        try world.add(.join(group: lobby, name: try KeyName("alice")))
        try world.add(.join(group: lobby, name: try KeyName("bob")))
        var alice = try MachinePerson("alice", 0, world)
        var bob = try MachinePerson("bob", 1, world)
        try login(&alice, world)
        try login(&bob, world)
        func say(_ text: String) throws -> [ClientAction] {
            try hears(&alice, text, from: &bob, in: &world)
        }
        #expect(messages(try say("inside")) == ["inside"])
        let count = world.lines.count
        try world.add(.leave(group: lobby, name: try KeyName("bob")))
        _ = alice.machine.receive(try world.update(from: count))
        let heard = try say("outside")
        #expect(messages(heard).isEmpty)
        #expect("\(heard)".contains("bob is not in the room"))
    }

    @Test func `nothing is said before the registry has told what the room's log speaks of`() throws
    {
        var world = try world()
        var alice = try MachinePerson("alice", 0, world)
        try login(&alice, world)
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
            at: Timestamp.now.seconds * 1000
        )
        _ = alice.machine.receive(
            .with {
                $0.entries.previous = before.hash.data
                $0.entries.entries = [entry]
            }
        )
        #expect(frames(alice.machine.say("not for bob")).isEmpty)
        #expect(frames(alice.machine.receive(try world.update(from: count))).count == 2)
    }

    @Test func `whose key is in use again reads from the next message on`() throws {
        var world = try MachineWorld()
        for (index, name) in ["alice", "bob"].enumerated() {
            let key = try TestKeys.all[index].publicKey.spkiDERRepresentation()
            let expires = index == 1 ? Timestamp(seconds: Timestamp.now.seconds - 60) : nil
            try world.add(.register(name: try KeyName(name), key: key, expires: expires))
        }
        var alice = try MachinePerson("alice", 0, world)
        var bob = try MachinePerson("bob", 1, world)
        try login(&alice, world)
        try login(&bob, world)
        func say(_ text: String) throws -> [String] {
            messages(try hears(&bob, text, from: &alice, in: &world))
        }
        #expect(try say("expired").isEmpty)
        let id = try PublicKey(TestKeys.all[1].publicKey).identityID
        let renewal = try Amendment.statement(
            .renew(expires: nil),
            id: id,
            version: 1,
            previous: id,
            key: TestKeys.all[1],
            time: .now
        )
        let count = world.lines.count
        try world.add(renewal)
        _ = alice.machine.receive(try world.update(from: count))
        #expect(try say("renewed") == ["renewed"])
    }

    @Test func `each flipped bit of a message is noticed`() throws {
        var world = try world()
        var alice = try MachinePerson("alice", 0, world)
        var bob = try MachinePerson("bob", 1, world)
        try login(&alice, world)
        try login(&bob, world)
        let said = frames(alice.machine.say("pay 100"))
        _ = bob.machine.receive(try world.publish(said[0], alice.keys.certificate.session))
        let entries = try world.publish(said[1], alice.keys.certificate.session)
        let body = Array(entries.entries.entries[0].body)
        for index in stride(from: 0, to: body.count, by: 3) {
            var changed = entries
            var bytes = body
            bytes[index] ^= 4
            changed.entries.entries[0].body = .init(bytes)
            var copy = bob.machine
            #expect(messages(copy.receive(changed)).isEmpty, "byte \(index)")
        }
    }

    @Test func `a gap, a repetition, another start and an unsigned registry end the session`()
        throws
    {
        var world = try world()
        var alice = try MachinePerson("alice", 0, world)
        var bob = try MachinePerson("bob", 1, world)
        try login(&alice, world)
        try login(&bob, world)
        let said = frames(alice.machine.say("one"))
        let first = try world.publish(said[0], alice.keys.certificate.session)
        let second = try world.publish(said[1], alice.keys.certificate.session)
        var gap = bob.machine
        #expect(failure(gap.receive(second))?.code == .fork)
        var twice = bob.machine
        _ = twice.receive(first)
        #expect(failure(twice.receive(first))?.code == .fork)

        var unsigned = try MachinePerson("bob", 1, world)
        #expect(
            failure(unsigned.machine.receive(try world.update(signedBy: TestKeys.all[0])))?.code
                == .fork
        )
        var early = try MachinePerson("bob", 1, world)
        #expect(failure(early.machine.receive(world.welcome()))?.code == .protocolViolation)
        var outOfTurn = try MachinePerson("bob", 1, world)
        #expect(failure(outOfTurn.machine.receive(first))?.code == .protocolViolation)
    }

    @Test func `a rewritten registry does not come out`() throws {
        let honest = try world()
        var bob = try MachinePerson("bob", 1, honest)
        try login(&bob, honest)
        var other = try MachineWorld()
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
        #expect(failure(bob.machine.receive(try other.update(from: 4)))?.code == .fork)
    }

    @Test func `what hostile members publish is refused and brings nobody down`() throws {
        var world = try world()
        var alice = try MachinePerson("alice", 0, world)
        try login(&alice, world)
        let said = frames(alice.machine.say("one"))
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
