import ChatProtocol
import Failures
import KeyFormats
import SwiftProtobuf
import Testing

/// What the user and the connection do to a session, and when it ends.
struct SessionEventTests {
    private var world: ChatWorld
    private var alice: ChatPerson

    init() throws {
        world = try ChatWorld.of("alice", "bob")
        alice = try ChatPerson("alice", 0, world)
    }

    private func kinds(_ actions: [ClientAction]) -> [WireFrame.OneOf_Kind] {
        actions.frames.compactMap(\.kind)
    }

    private static let who = WireFrame.OneOf_Kind.whoRequest(.init())

    /// What the server tells of everything that a session published.
    private mutating func store(_ actions: [ClientAction]) throws -> [ClientAction] {
        var told: [ClientAction] = []
        for frame in actions.frames {
            guard case .publish? = frame.kind else { continue }
            told += alice.receive(try world.publish(frame, alice.keys.certificate.session))
        }
        return told
    }

    @Test mutating func `what is said before the login leaves with it`() throws {
        #expect(alice.say("early").isEmpty)
        _ = alice.receive(try world.update())
        let actions = alice.receive(world.welcome())
        #expect(actions.publishedCount == 2)  // the announcement, the message
        #expect(alice.session.pendingCount == 1)
    }

    @Test mutating func `a text that is too long is refused at once, and an empty one is nothing`()
        throws
    {
        try alice.logIn(world)
        let long = String(repeating: "x", count: ClientLimits.textByteCount + 1)
        let refused = alice.say(long, reference: "7")
        #expect(refused.frames.isEmpty && alice.session.pendingCount == 0)
        guard case .refused(let error, _, "7") = try #require(refused.shown.first) else {
            Issue.record("it was not refused")
            return
        }
        #expect(error.code == .tooLong)
        #expect(alice.say("").isEmpty)
        #expect(alice.say(String(long.dropLast())).publishedCount == 2)
    }

    @Test mutating func `requests wait for what was said before them`() throws {
        try alice.logIn(world)
        let said = alice.say("first")
        #expect(alice.session.request(.who).isEmpty)
        #expect(kinds(try store(said)) == [SessionEventTests.who])
    }

    @Test mutating func `one history at a time; what is asked meanwhile waits for its end`() throws
    {
        try alice.logIn(world)
        #expect(alice.session.request(.history(5)).frames.first?.historyRequest.count == 5)
        #expect(alice.session.request(.who).isEmpty)
        let page = WireFrame.with {
            $0.history.stretch.previous = world.room.head.hash.data
            $0.history.last = true
        }
        #expect(kinds(alice.receive(page)) == [SessionEventTests.who])
    }

    @Test mutating func `a history that a lost connection cut is asked for again, who is not`()
        throws
    {
        try alice.logIn(world)
        _ = alice.session.request(.who)
        _ = alice.session.request(.history(5))
        alice.session.disconnected()
        _ = alice.connect(world)
        _ = alice.receive(try world.update())
        let again = kinds(alice.receive(world.welcome()))
        #expect(again == [.historyRequest(.with { $0.count = 5 })])
    }

    @Test mutating func `too many requests without a connection are refused`() throws {
        var refusedCount = 0
        for _ in 0..<100 { refusedCount += alice.session.request(.who).errors.count }
        #expect(refusedCount == 36)  // all beyond 64
    }

    @Test mutating func `the end waits for acknowledgements and answers`() throws {
        try alice.logIn(world)
        let said = alice.say("last")
        _ = alice.session.request(.who)
        #expect(alice.session.end().isEmpty)
        #expect(!(try store(said)).isEnd)
        let end = alice.receive(.with { $0.who.online = ["alice"] })
        #expect(end.isEnd && end.failure == nil && alice.session.isFinished)
    }

    @Test mutating func `leaving waits on a connection, and not without one`() throws {
        try alice.logIn(world)
        _ = alice.say("one")
        var away = alice
        #expect(!alice.session.leave().isEnd)
        away.session.disconnected()
        #expect(away.session.leave().isEnd)
        #expect(away.session.pendingCount == 1)
    }

    @Test mutating func `a full connection takes no messages; they leave when it is free again`()
        throws
    {
        try alice.logIn(world)
        alice.session.writabilityChanged(to: false)
        #expect(alice.say("waits").isEmpty)
        #expect(alice.session.resume(at: ChatWorld.now).publishedCount == 2)
    }

    @Test mutating func `after a lost connection everything is sent again under its old id`() throws
    {
        try alice.logIn(world)
        let first = alice.say("one").frames
        alice.session.disconnected()
        #expect(alice.say("two").isEmpty)
        _ = alice.connect(world)
        _ = alice.receive(try world.update())
        let again = alice.receive(world.welcome()).frames
        let ids = try (first + again).map { frame -> [UInt8] in
            let signed = try WireSigned(serializedBytes: frame.publish.body)
            guard frame.publish.kind == .message else { return [] }
            return Array(try WireMessageContent(serializedBytes: signed.content).id)
        }
        #expect(again.count == 3)  // a new announcement, and both messages
        #expect(ids[1] == ids[3] && ids[1] != ids[4])
    }

    @Test mutating func `an epoch is over after a day`() throws {
        try alice.logIn(world)
        #expect(alice.say("today").publishedCount == 2)
        #expect(alice.say("today, too").publishedCount == 1)
        let tomorrow = ChatWorld.now.adding(seconds: 24 * 3_600)
        #expect(alice.session.say("tomorrow", at: tomorrow).publishedCount == 2)
    }

    @Test mutating func `nothing happens to a session that is over`() throws {
        try alice.logIn(world)
        alice.session.stop()
        #expect(alice.connect(world).isEmpty)
        #expect(alice.receive(try world.update()).isEmpty)
        #expect(alice.say("lost").isEmpty)
        #expect(alice.session.request(.who).isEmpty)
        #expect(alice.session.end().isEmpty)
        #expect(alice.session.isFinished)
    }
}
