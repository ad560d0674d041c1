import ChatProtocol
import CryptoCore
import Failures
import KeyFormats
import Registry
import TestSupport
import Testing

@testable import ChatServer

/// The engine with clients, without a socket.
struct EngineTests {
    private func messages(_ client: EngineClient) -> [String] {
        client.shown.compactMap { if case .message(let message) = $0 { message.text } else { nil } }
    }

    private func acknowledgedCount(_ client: EngineClient) -> Int {
        client.shown.count { if case .acknowledged = $0 { true } else { false } }
    }

    private func refusals(_ client: EngineClient) -> [ChatError.Code] {
        client.shown.compactMap {
            if case .refused(let error, _, _) = $0 { error.code } else { nil }
        }
    }

    private func errors(_ client: EngineClient) -> [ChatError.Code] {
        client.shown.compactMap { if case .error(let error) = $0 { error.code } else { nil } }
    }

    private func online(_ client: EngineClient) -> [String]? {
        for case .who(let online, _) in client.shown.reversed() { return online }
        return nil
    }

    // MARK: Login

    @Test func `members log in, and strangers are refused`() throws {
        let world = try EngineWorld("alice", "bob")
        try world.connect("alice", 0)
        #expect(try !world.client("alice").isClosed)
        try world.connect("bob", 2)  // not bob's key
        #expect(try world.client("bob").failure?.code == .notAdmitted)
        try world.connect("mallory", 3)
        #expect(try world.client("mallory").failure?.code == .notAdmitted)
    }

    @Test func `somebody who is registered a moment ago gets in`() throws {
        let world = try EngineWorld("alice")
        let key = try TestKeys.all[1].publicKey.spkiDERRepresentation()
        try world.change(.register(name: KeyName("bob"), key: key, expires: nil))
        try world.connect("bob", 1)
        #expect(try world.client("bob").failure == nil)
        #expect(try !world.client("bob").isClosed)
    }

    @Test func `an identity has so many sessions and no more`() throws {
        let world = try EngineWorld("alice")
        for number in 0..<ServerLimits.sessionsPerMember {
            try world.connect("alice", 0, as: "\(number)")
        }
        try world.connect("alice", 0, as: "one more")
        #expect(try world.client("one more").failure?.code == .tooManySessions)
        try world.with("3") { $0.hangUp() }
        try world.connect("alice", 0, as: "again")
        #expect(try world.client("again").failure == nil)
    }

    // MARK: Messages

    @Test func `a message reaches everybody after it is stored, and its sender hears of it`() throws
    {
        let world = try EngineWorld("alice", "bob")
        try world.connect("alice", 0)
        try world.connect("bob", 1)
        try world.with("alice") { $0.say("one") + $0.say("two") }
        #expect(messages(try world.client("bob")) == ["one", "two"])
        #expect(acknowledgedCount(try world.client("alice")) == 2)
        #expect(try world.store.load()?.head == world.engine.room.head)
    }

    @Test func `while the store cannot be written messages are refused, and later taken again`()
        throws
    {
        let world = try EngineWorld("alice", "bob")
        try world.connect("alice", 0)
        try world.connect("bob", 1)
        let head = world.engine.room.head
        world.store.fail(true)
        try world.with("alice") { $0.say("lost") }
        #expect(refusals(try world.client("alice")) == [.unavailable])
        #expect(messages(try world.client("bob")).isEmpty)
        #expect(world.engine.room.head == head)
        world.store.fail(false)
        // A second of polls: the store is tried again, and its sessions begin anew.
        for _ in 0..<5 { world.process([.reload]) }
        #expect(try world.client("alice").isClosed)
        try world.connect("alice", 0, as: "back")
        try world.connect("bob", 1, as: "bob, too")
        try world.with("back") { $0.say("kept") }
        #expect(messages(try world.client("bob, too")) == ["kept"])
    }

    @Test func `a session that hung up is not there any more`() throws {
        let world = try EngineWorld("alice", "bob")
        try world.connect("alice", 0)
        try world.connect("bob", 1)
        try world.with("alice") { $0.request(.who) }
        #expect(online(try world.client("alice")) == ["alice", "bob"])
        try world.with("bob") { $0.hangUp() }
        try world.with("alice") { $0.request(.who) }
        #expect(online(try world.client("alice")) == ["alice"])
    }

    @Test func `history is the same log, read from the store`() throws {
        let world = try EngineWorld("alice", "bob")
        try world.connect("alice", 0)
        try world.with("alice") { client in
            (0..<5).flatMap { client.say("line \($0)") }
        }
        try world.connect("bob", 1)
        try world.with("bob") { $0.request(.history(3)) }
        #expect(messages(try world.client("bob")) == ["line 2", "line 3", "line 4"])
    }

    @Test func `what a member received moves the member's cursor`() throws {
        let world = try EngineWorld("alice", "bob")
        try world.connect("alice", 0)
        try world.connect("bob", 1)
        try world.with("alice") { $0.say("one") }
        try world.with("bob") { $0.confirm() }
        let bob = try PublicKey(TestKeys.all[1].publicKey).identityID
        #expect(try world.store.cursor(of: bob) == world.engine.room.head.seq)
    }

    // MARK: The registry

    @Test func `who is removed is told so, and the others go on`() throws {
        let world = try EngineWorld("alice", "bob", "carol")
        for (index, name) in ["alice", "bob", "carol"].enumerated() {
            try world.connect(name, index)
        }
        try world.change(.remove(name: KeyName("bob")))
        #expect(try world.client("bob").failure?.code == .notAdmitted)
        try world.with("alice") { $0.say("without bob") }
        #expect(messages(try world.client("carol")) == ["without bob"])
        #expect(messages(try world.client("bob")).isEmpty)
    }

    @Test func `a line that the store does not take is told later, with its event`() throws {
        let world = try EngineWorld("alice", "bob")
        try world.connect("alice", 0)
        let head = world.engine.room.head
        world.store.fail(true)
        try world.change(.remove(name: KeyName("bob")))
        #expect(world.engine.room.head == head)
        world.store.fail(false)
        for _ in 0..<5 { world.process([.reload]) }
        #expect(world.engine.room.head.seq == head.seq + 1)
    }

    @Test func `only an admin lets the server read its settings, and learns what came of it`()
        throws
    {
        let world = try EngineWorld("alice", "bob", admins: ["bob"])
        try world.connect("alice", 0)
        try world.connect("bob", 1)
        try world.with("alice") { $0.request(.reload) }
        #expect(errors(try world.client("alice")) == [.forbidden])
        #expect(world.engine.waitingForSettings.isEmpty)
        try world.with("bob") { $0.request(.reload) }
        world.process([.keepSettings("no file")])
        let failures = try world.client("bob").shown.compactMap { event in
            if case .reloaded(let failure) = event { failure } else { nil }
        }
        #expect(failures == ["the server says: \"no file\""])
        #expect(errors(try world.client("bob")).isEmpty)
    }

    // MARK: The end

    @Test func `only an admin ends the server`() throws {
        let world = try EngineWorld("alice", "bob", admins: ["bob"])
        try world.connect("alice", 0)
        try world.connect("bob", 1)
        try world.with("alice") { $0.request(.shutdown) }
        #expect(world.isRunning)
        #expect(errors(try world.client("alice")) == [.forbidden])
        try world.with("bob") { $0.request(.shutdown) }
        #expect(!world.isRunning)
        #expect(try world.client("alice").isClosed && world.client("bob").isClosed)
    }

    @Test func `a wish to stop goes before everything that waits`() throws {
        let world = try EngineWorld("alice")
        try world.connect("alice", 0)
        world.mailbox.stop()
        try world.with("alice") { $0.say("too late") }
        #expect(!world.isRunning)
        #expect(try world.client("alice").isClosed)
        #expect(acknowledgedCount(try world.client("alice")) == 0)
    }
}
