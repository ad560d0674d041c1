import ChatProtocol
import Failures
import SwiftProtobuf
import Testing

/// Older messages: pages of the same log.
struct HistoryTests {
    private var world: ChatWorld
    private var bob: ChatPerson
    private var stretch: WireEntries

    /// bob, who asks for what alice said before.
    init() throws {
        world = try ChatWorld.of("alice", "bob")
        var alice = try ChatPerson("alice", 0, world)
        bob = try ChatPerson("bob", 1, world)
        try alice.logIn(world)
        stretch = WireEntries()
        stretch.previous = world.beginning.hash.data
        for text in ["one", "two", "three"] {
            for frame in alice.say(text).frames {
                let told = try world.publish(frame, alice.keys.certificate.session)
                stretch.entries += told.entries.entries
            }
        }
        try bob.logIn(world)
        _ = bob.session.request(.history(nil))
    }

    private func page(_ stretch: WireEntries, isLast: Bool = true) -> WireFrame {
        .with {
            $0.history.stretch = stretch
            $0.history.last = isLast
        }
    }

    private func count(_ actions: [ClientAction]) -> Int? {
        for case .history(_, let count) in actions.shown { return count }
        return nil
    }

    @Test mutating func `what came before is shown as replay, all of it after the last page`()
        throws
    {
        let actions = bob.receive(page(stretch, isLast: false))
        #expect(actions.shown.isEmpty)
        let last = bob.receive(page(.init()))
        #expect(count(last) == 3)
        #expect(last.messages == ["one", "two", "three"])
        for case .message(let message) in last.shown { #expect(message.isReplay) }
    }

    @Test mutating func `pages that nobody asked for are not read`() throws {
        _ = bob.receive(page(stretch))
        let again = bob.receive(page(stretch))
        #expect(again.isEmpty)
    }

    @Test mutating func `another order, another log and a gap between pages end the session`()
        throws
    {
        var swapped = stretch
        swapped.entries.swapAt(1, 2)
        var copy = bob
        #expect(copy.receive(page(swapped)).failure?.code == .protocolViolation)

        // bob saw the last entry of the log; one of another content is another log.
        var other = stretch
        other.entries[3].time += 1
        copy = bob
        #expect(copy.receive(page(other)).failure?.code == .fork)

        var first = stretch
        first.entries.removeLast(2)
        var second = stretch
        second.entries.removeFirst(3)
        second.previous = world.room.head.hash.data
        copy = bob
        _ = copy.receive(page(first, isLast: false))
        #expect(copy.receive(page(second)).failure?.code == .protocolViolation)
    }

    @Test mutating func `an answer without an end ends the session`() throws {
        var large = WireEntries.with { $0.previous = world.beginning.hash.data }
        large.keys = [.with { $0.body = .init(repeating: 0, count: 1 << 20) }]
        var pageCount = 0
        while pageCount < 40, !bob.session.isFinished {
            _ = bob.receive(page(large, isLast: false))
            pageCount += 1
        }
        #expect(bob.session.isFinished)
        #expect((31...33).contains(pageCount))  // 32 MiB, with what each entry costs besides
    }
}
