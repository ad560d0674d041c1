import ChatProtocol
import KeyFormats
import Testing

/// What was typed before somebody new could read it.
struct HeldTests {
    private func held(_ actions: [ClientAction]) -> [String]? {
        for case .show(.held(_, let names)) in actions { return names.map(\.description) }
        return nil
    }

    /// alice, logged in, whose window is full when carol is registered.
    private func alice(asks: Bool) throws -> (ChatPerson, [ClientAction]) {
        var world = try ChatWorld.of("alice", "bob")
        var alice = try ChatPerson("alice", 0, world, asksBeforeNewReaders: asks)
        try alice.logIn(world)
        for number in 0..<70 { _ = alice.say("line \(number)") }
        alice.session.disconnected()
        let count = world.lines.count
        try world.register("carol", 2)
        _ = alice.connect(world)
        var actions = alice.receive(try world.update(from: count))
        actions += alice.receive(world.welcome())
        return (alice, actions)
    }

    @Test func `waits on a terminal until it is confirmed, and what follows it waits, too`() throws
    {
        var (alice, actions) = try alice(asks: true)
        #expect(held(actions) == ["carol"])
        #expect(actions.publishedCount == 0)
        #expect(alice.say("one more").publishedCount == 0)
        // The announcement and a window.
        #expect(alice.session.proceed(at: ChatWorld.now).publishedCount == 65)
    }

    @Test func `is not sent where its writer leaves instead`() throws {
        var (alice, _) = try alice(asks: true)
        let actions = alice.session.leave()
        #expect(actions.publishedCount == 0)
        #expect(alice.session.isFinished)
        #expect(alice.session.pendingCount == 70)
    }

    @Test func `leaves a pipe after the event about it`() throws {
        let (_, actions) = try alice(asks: false)
        let told = actions.firstIndex {
            if case .show(.notice(let text, _)) = $0 { text.contains("carol") } else { false }
        }
        let sent = actions.firstIndex { action in
            if case .send(let frame) = action, case .publish? = frame.kind { true } else { false }
        }
        let (line, message) = (try #require(told), try #require(sent))
        #expect(line < message)
    }
}
