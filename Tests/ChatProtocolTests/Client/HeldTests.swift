import ChatProtocol
import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

/// What was typed before somebody new could read it.
struct HeldTests {
    private func published(_ actions: [ClientAction]) -> Int {
        actions.count { action in
            if case .send(let frame) = action, case .publish? = frame.kind { true } else { false }
        }
    }

    private func held(_ actions: [ClientAction]) -> [String]? {
        for case .show(.held(_, let names)) in actions { return names.map(\.description) }
        return nil
    }

    /// alice, logged in, whose window is full when carol is registered.
    private func alice(asks: Bool) throws -> (MachinePerson, [ClientAction]) {
        var world = try MachineWorld()
        for (index, name) in ["alice", "bob"].enumerated() {
            let key = try TestKeys.all[index].publicKey.spkiDERRepresentation()
            try world.add(.register(name: try KeyName(name), key: key, expires: nil))
        }
        var alice = try MachinePerson("alice", 0, world, asksBeforeNewReaders: asks)
        _ = alice.machine.receive(try world.update())
        _ = alice.machine.receive(world.welcome())
        for number in 0..<70 { _ = alice.machine.say("line \(number)") }
        alice.machine.disconnected()
        let count = world.lines.count
        let key = try TestKeys.all[2].publicKey.spkiDERRepresentation()
        try world.add(.register(name: try KeyName("carol"), key: key, expires: nil))
        _ = alice.machine.connected(keys: alice.keys, serverKey: world.serverKey)
        var actions = alice.machine.receive(try world.update(from: count))
        actions += alice.machine.receive(world.welcome())
        return (alice, actions)
    }

    @Test func `waits on a terminal until it is confirmed, and what follows it waits, too`() throws
    {
        var (alice, actions) = try alice(asks: true)
        #expect(held(actions) == ["carol"])
        #expect(published(actions) == 0)
        #expect(published(alice.machine.say("one more")) == 0)
        #expect(published(alice.machine.proceed()) == 65)  // the announcement and a window
    }

    @Test func `is not sent where its writer leaves instead`() throws {
        var (alice, _) = try alice(asks: true)
        let actions = alice.machine.leave()
        #expect(published(actions) == 0)
        #expect(alice.machine.isFinished)
        #expect(alice.machine.pendingCount == 70)
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
