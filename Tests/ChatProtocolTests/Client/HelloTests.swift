import ChatProtocol
import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

/// The content of a client's Hello.
struct HelloTests {
    private func hello(_ actions: [ClientAction]) throws -> WireHello {
        for case .send(let frame) in actions {
            if case .hello(let hello)? = frame.kind { return hello }
        }
        throw CryptoError.malformed("test: no hello")
    }

    private func steps() throws -> [Statement] {
        let id = try PublicKey(TestKeys.all[0].publicKey).identityID
        var previous = id
        return try (1...3).map { version in
            let step = try Rotation.statement(
                id: id,
                from: version,
                previous: previous,
                old: TestKeys.all[version - 1],
                new: TestKeys.all[version],
                expires: nil,
                time: ChatWorld.now
            )
            previous = step.leafHash
            return step
        }
    }

    @Test func `statements are those that the server lacked when it was seen last`() throws {
        var world = try ChatWorld()
        let name = try KeyName("alice")
        let key = try TestKeys.all[0].publicKey.spkiDERRepresentation()
        try world.add(.register(name: name, key: key, expires: nil))
        let steps = try steps()
        try world.add(steps[0])
        var alice = try ChatPerson("alice", 0, world)
        let first = alice.connect(world, steps)
        #expect(try hello(first).statements.count == 3)
        _ = alice.receive(try world.update())
        alice.session.disconnected()
        let again = alice.connect(world, steps)
        #expect(try hello(again).statements.map(Array.init) == steps[1...].map(\.line))
    }
}
