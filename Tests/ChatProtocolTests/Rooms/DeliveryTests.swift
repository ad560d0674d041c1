import ChatProtocol
import Failures
import KeyFormats
import Registry
import SwiftProtobuf
import Testing

/// How a log reaches a client: what was missed, what is said now, and what counts as a whole.
struct DeliveryTests {
    private var world: ChatWorld
    private var alice: ChatPerson
    private var bob: ChatPerson
    private let beginning: LogPosition

    init() throws {
        world = try ChatWorld.of("alice", "bob")
        beginning = world.room.head
        alice = try ChatPerson("alice", 0, world)
        bob = try ChatPerson("bob", 1, world)
        try alice.logIn(world)
    }

    /// Everything that alice says, as one stretch of the log.
    private mutating func stretch(_ texts: String...) throws -> WireFrame {
        var stretch = WireFrame.with { $0.entries.previous = world.room.head.hash.data }
        for text in texts {
            for frame in alice.say(text).frames {
                let told = try world.publish(frame, alice.keys.certificate.session)
                stretch.entries.entries += told.entries.entries
            }
        }
        return stretch
    }

    private func missedCounts(_ actions: [ClientAction]) -> [Int] {
        actions.shown.compactMap { if case .live(let count) = $0 { count } else { nil } }
    }

    @Test mutating func `nothing missed is live at once`() throws {
        _ = bob.receive(try world.update())
        #expect(missedCounts(bob.receive(world.welcome())) == [0])
    }

    @Test mutating func `what was missed is counted, and live begins after it`() throws {
        let missed = try stretch("one", "two")
        _ = bob.receive(try world.update())
        #expect(missedCounts(bob.receive(world.welcome(at: beginning))).isEmpty)
        let actions = bob.receive(missed)
        #expect(actions.messages == ["one", "two"])
        #expect(missedCounts(actions) == [2])
        #expect(bob.receive(try stretch("three")).messages == ["three"])
    }

    @Test mutating func `what was missed and cannot be read is told once, with its count`() throws {
        var missed = try stretch("one", "two")
        let announcement = missed.entries.entries.removeFirst()
        let start = try #require(beginning.advanced(over: announcement))
        missed.entries.previous = start.hash.data
        _ = bob.receive(try world.update())
        _ = bob.receive(world.welcome(at: start))
        let actions = bob.receive(missed)
        #expect(actions.messages.isEmpty)
        #expect(actions.errors.map(\.code) == [.unreadable])
        #expect(actions.errors.first?.message.hasPrefix("2 ") == true)
        #expect(missedCounts(actions) == [0])
    }

    @Test mutating func `a stretch with a fault shows nothing, and the place stays before it`()
        throws
    {
        try bob.logIn(world)
        var faulty = try stretch("one", "two")
        faulty.entries.entries[2].seq += 1
        let actions = bob.receive(faulty)
        #expect(actions.failure?.code == .protocolViolation)
        #expect(actions.count == 1)
        #expect(bob.session.position == beginning)
    }

    @Test mutating func `an event with more lines than a registry has ends the session`() throws {
        try bob.logIn(world)
        let before = world.room.head
        let (entry, _) = world.room.append(
            event: .with {
                $0.what = "left"
                $0.identity = beginning.hash.data
                $0.registryCount = 1 << 40
            },
            changesMembership: true,
            at: 0
        )
        let actions = bob.receive(
            .with {
                $0.entries.previous = before.hash.data
                $0.entries.entries = [entry]
            }
        )
        #expect(actions.failure?.code == .protocolViolation)
        #expect(bob.session.position == before)
    }

    @Test mutating func `the place moves to the last entry of a stretch, and is told once`() throws
    {
        try bob.logIn(world)
        let actions = bob.receive(try stretch("one", "two"))
        let places = actions.compactMap { action -> LogPosition? in
            if case .reached(let place) = action { place } else { nil }
        }
        #expect(places == [world.room.head])
        #expect(bob.session.position == world.room.head)
    }

    @Test mutating func `a new connection goes on at the place that was shown`() throws {
        try bob.logIn(world)
        _ = bob.receive(try stretch("one"))
        let place = world.room.head
        bob.session.disconnected()
        let hello = try #require(bob.connect(world).frames.first).hello
        #expect(hello.cursor == place.wire)
        _ = bob.receive(try world.update())
        let other = bob.receive(world.welcome(at: beginning))
        #expect(other.failure?.code == .fork)
    }
}
