import Foundation
import TestSupport
import Testing

/// The faults of the older preregistered RSA chat.
///
/// Each is shown to be gone.
struct System002Tests {
    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `possession is never proved: with the server's public key a stranger spoke as alice`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"], admins: ["alice"])
        let bob = try await chat.join("bob")
        // The attacker has everything public (alice's and the server's key) and a key of her own.
        try await ChatFixture.makePerson("mallory", chat.folder)
        try await chat.keyctl(["import", "alice.pub", "server/server.pub"], home: "mallory")
        let thief = try chat.connect("mallory")
        thief.send("I am alice")
        thief.send("/shutdown")
        thief.endInput()
        #expect(await thief.exit() == 1)
        bob.send("still here")
        #expect(await bob.line(with: "\"ack\"") != nil)
        bob.endInput()
        #expect(await bob.exit() == 0)
        #expect(await bob.messages().isEmpty)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `recorded bytes replay`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let proxy = try await RecordingProxy.start(to: chat.port)
        let alice = try chat.connect("alice", port: proxy.port)
        alice.send("pay 100")
        alice.endInput()
        #expect(await alice.exit() == 0)
        for _ in 0..<3 {
            let thief = try await RawClient.bare(port: chat.port)
            thief.send(bytes: proxy.recording)
            _ = await thief.untilClose()
        }
        let bob = try await chat.join("bob")
        bob.endInput()
        #expect(await bob.exit() == 0)
        #expect(await bob.messages().map(\.text) == ["pay 100"])
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a line of 184 to 190 bytes cuts off every recipient, a longer one its sender`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        let alice = try await chat.join("alice")
        let lengths = Array(180...195) + [1_000, 3_008, 32_768]
        for length in lengths { alice.send(String(repeating: "x", count: length)) }
        alice.send(String(repeating: "y", count: 32_769))
        #expect(await alice.line(with: "too-long") != nil)
        alice.send("and on")
        alice.endInput()
        #expect(await alice.exit() == 1)  // one line was refused, so a script must fail
        _ = await bob.line(with: "and on")
        bob.endInput()
        #expect(await bob.exit() == 0)
        #expect(await bob.messages().map(\.text.count) == lengths + [6])
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `history beyond 190 bytes disconnects the asker`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        for number in 0..<150 { alice.send("\(number) " + String(repeating: "z", count: 500)) }
        alice.send("/history")
        alice.endInput()
        #expect(await alice.exit() == 0)
        let replayed = await alice.messages(replay: true).map(\.text)
        #expect(replayed.count == 100)
        #expect(replayed.first?.hasPrefix("50 ") == true)
        let bob = try await chat.join("bob")
        bob.send("{\"command\": \"/history 7\"}")
        let header = try #require(await bob.line(with: "\"event\":\"history\""))
        #expect(header.contains("\"count\":7"))
        bob.send("still here")
        #expect(await bob.line(with: "\"ack\"") != nil)
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `eleven people talking at once: nine clients died and half of it was lost`() async throws {
        let names = (1...11).map { "user\($0)" }
        let chat = try await ChatFixture.start(names)
        var clients: [Child] = []
        for name in names { clients.append(try await chat.join(name)) }
        let each = 300  // 20 lines a second for 15 seconds, without pauses
        for (client, name) in zip(clients, names) {
            let lines = (0..<each).map { Child.request("\(name):\($0)") + "\n" }.joined()
            Thread.detachNewThread { client.sendBytes(Array(lines.utf8)) }
        }
        for client in clients {
            for _ in 0..<(each * (names.count - 1)) {
                try #require(await client.line(with: "\"event\":\"message\"") != nil)
            }
        }
        for client in clients { client.endInput() }
        for (client, name) in zip(clients, names) {
            #expect(await client.exit() == 0)
            let messages = await client.messages()
            #expect(messages.count == each * (names.count - 1))
            for other in names where other != name {
                #expect(
                    messages.filter { $0.from == other }.map(\.text)
                        == (0..<each).map { "\(other):\($0)" }
                )
            }
        }
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a rejected or idle connection gets the next speaker thrown out`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        let idle = try await RawClient.bare(port: chat.port)
        try await ChatFixture.makePerson("zoe", chat.folder)
        try await chat.keyctl(["import", "server/server.pub"], home: "zoe")
        #expect(await (try chat.connect("zoe")).exit() == 1)
        let alice = try await chat.join("alice")
        for number in 0..<5 {
            alice.send("line \(number)")
            #expect(await bob.line(with: "line \(number)") != nil)
        }
        await idle.close()
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `anybody may shut the server down, and the process then lives on`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"], admins: ["alice"])
        let bob = try await chat.join("bob")
        bob.send("/shutdown")
        let refusal = try #require(await bob.line(with: "\"error\""))
        #expect(refusal.contains("forbidden"))
        let alice = try await chat.join("alice")
        alice.send("/shutdown")
        #expect(await alice.line(with: "\"bye\"") != nil)
        #expect(await bob.line(with: "\"bye\"") != nil)
        #expect(await alice.exit() == 0)
        #expect(await chat.server.exit() == 0)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `it is not end to end, whatever its text says`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        let alice = try await chat.join("alice")
        let needle = "not-for-the-server"
        alice.send(needle)
        #expect(await bob.line(with: needle) != nil)
        try MemoryImage.requireNothing(of: needle, in: chat.server.processID)
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
        let stored = try await Command.shell(
            "! grep -rq \(needle) server",
            folder: chat.folder.path
        )
        #expect(stored.status == 0)
    }
}
