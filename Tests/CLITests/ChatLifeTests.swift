import Foundation
import TestSupport
import Testing

/// Changes of people and keys while the chat runs.
struct ChatLifeTests {
    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `who was offline gets it at the next login, once`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        for number in 0..<300 { alice.send("missed \(number)") }
        alice.endInput()
        #expect(await alice.exit() == 0)
        for expected in [300, 0] {
            let bob = try await chat.join("bob")
            for _ in 0..<expected { _ = await bob.line(with: "\"message\"") }
            bob.endInput()
            #expect(await bob.exit() == 0)
            #expect(await bob.messages().count == expected)
        }
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `keys rotate under a running chat, on both sides, and nobody is asked`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        let alice = try await chat.join("alice")
        alice.send("with version 1")
        #expect(await bob.line(with: "with version 1") != nil)
        try await chat.keyctl(["rotate"], home: "alice")
        // The running session continues. The next session carries the statement.
        alice.send("still version 1")
        #expect(await bob.line(with: "still version 1") != nil)
        let second = try await chat.join("alice")
        #expect(await bob.line(with: "alice now uses key version 2") != nil)
        second.send("with version 2")
        #expect(await bob.line(with: "with version 2") != nil)
        alice.send("old session, new epoch")
        #expect(await bob.line(with: "old session, new epoch") != nil)
        // The server's own key is rotated without a restart, and the clients follow it.
        try await chat.keyctl(["rotate", "--user", "server"], home: "server")
        _ = await chat.server.errorLine(with: "the server's key was rotated")
        let third = try await chat.join("alice")
        third.send("to a rotated server")
        #expect(await bob.line(with: "to a rotated server") != nil)
        let pin = try await chat.keyctl(["show", "server"], home: "alice")
        #expect(pin.output.contains("v2"))
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `whoever joins later reads what is said from then on, and nothing earlier`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        alice.send("before")
        #expect(await alice.line(with: "\"ack\"") != nil)
        try await ChatFixture.makePerson("carol", chat.folder)
        try await chat.keyctl(["import", "server/server.pub"], home: "carol")
        try await chat.register("carol")
        #expect(await alice.line(with: "carol was added to the room") != nil)
        let carol = try await chat.join("carol")
        alice.send("after")
        #expect(await carol.line(with: "after") != nil)
        carol.send("/history")
        let header = try #require(await carol.line(with: "\"event\":\"history\""))
        #expect(header.contains("\"count\":1"))
        carol.endInput()
        #expect(await carol.exit() == 0)
        #expect(await !carol.allLines().joined().contains("before"))
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a group of the room's name is who the room is for`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob", "carol"])
        let alice = try await chat.join("alice")
        let carol = try await chat.join("carol")
        alice.send("to all three")
        #expect(await carol.line(with: "to all three") != nil)
        try await chat.keyctl(["group", "add", "lobby", "alice", "bob"], home: "server")
        // A person outside of the group is told so, with what to do.
        #expect(await carol.line(with: "this room is for the group lobby") != nil)
        #expect(await carol.exit() == 1)
        #expect(await alice.line(with: "carol was taken out of the room") != nil)
        let refused = try chat.connect("carol")
        #expect(await refused.exit() == 1)
        #expect(await refused.allLines().joined().contains("keyctl group add lobby carol"))
        let bob = try await chat.join("bob")
        alice.send("to two")
        #expect(await bob.line(with: "to two") != nil)
        alice.send("/who")
        let who = try #require(await alice.line(with: "\"event\":\"who\""))
        #expect(who.contains("bob") && !who.contains("carol"))
        // An empty group means nobody, not everybody.
        try await chat.keyctl(["group", "remove", "lobby", "bob"], home: "server")
        #expect(await bob.exit() == 1)
        #expect(await alice.line(with: "bob was taken out of the room") != nil)
        try await chat.keyctl(["group", "add", "lobby", "carol"], home: "server")
        #expect(await alice.line(with: "carol was added to the room") != nil)
        let back = try await chat.join("carol")
        alice.send("welcome back")
        #expect(await back.line(with: "welcome back") != nil)
        back.endInput()
        #expect(await back.exit() == 0)
        #expect(await !back.allLines().joined().contains("to two"))
        try await chat.keyctl(["group", "remove", "lobby"], home: "server")
        #expect(await alice.exit() == 1)
        let nobody = try chat.connect("alice")
        #expect(await nobody.line(with: "this room is for the group lobby") != nil)
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `who sleeps while members come, rotate and go, reads each at their place`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob", "carol"])
        try await ChatFixture.makePerson("dave", chat.folder)
        try await chat.keyctl(["import", "server/server.pub"], home: "dave")
        let (alice, bob) = (try await chat.join("alice"), try await chat.join("bob"))
        bob.kill(SIGSTOP)
        // More than the sockets hold, so that the rest waits in the store.
        let count = 400
        let text = String(repeating: "x", count: 30_000)
        for number in 0..<count { alice.send("\(number) \(text)") }
        for _ in 0..<count { #expect(await alice.line(with: "\"ack\"") != nil) }
        try await chat.register("dave")
        let dave = try await chat.join("dave")
        try await chat.keyctl(["rotate"], home: "carol")
        let carol = try await chat.join("carol")
        for (person, name) in [(dave, "dave"), (carol, "carol")] {
            person.send("from \(name)")
            #expect(await person.line(with: "\"ack\"") != nil)
        }
        try await chat.keyctl(["remove", "alice"], home: "server")
        #expect(await carol.line(with: "alice was removed") != nil)
        carol.send("without alice")
        #expect(await carol.line(with: "\"ack\"") != nil)
        bob.kill(SIGCONT)
        #expect(await bob.line(with: "\"text\":\"\(count - 1) x") != nil)
        #expect(await bob.line(with: "\"text\":\"from dave\"") != nil)
        #expect(await bob.line(with: "\"text\":\"from carol\"") != nil)
        #expect(await bob.line(with: "alice was removed") != nil)
        #expect(await bob.line(with: "\"text\":\"without alice\"") != nil)
        dave.send("awake")
        #expect(await bob.line(with: "\"text\":\"awake\"") != nil)
        bob.send("good morning")
        #expect(await dave.line(with: "good morning") != nil)
        bob.endInput()
        #expect(await bob.exit() == 0)
        let lines = await bob.allLines()
        #expect(lines.count { $0.contains("\"from\":\"alice\"") } == count)
        #expect(!lines.contains { $0.contains("unreadable") })
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func
        `an impostor whom the server's admin let in under bob's name is noticed by those who know`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        try await chat.keyctl(["import", "bob.pub"], home: "alice")
        try await ChatFixture.makePerson("mallory", chat.folder)
        try await chat.keyctl(["import", "server/server.pub"], home: "mallory")
        try await chat.keyctl(
            ["import", "mallory.pub", "--user", "bob", "--replace"],
            home: "server"
        )
        let alice = try chat.connect("alice")
        let error = try #require(await alice.line(with: "key-mismatch"))
        #expect(error.contains("blocked: the server shows another key than the one you imported"))
        let mallory = try await chat.join("mallory")
        alice.send("secret")
        #expect(await alice.line(with: "\"ack\"") != nil)
        mallory.send("/history")
        let history = try #require(await mallory.line(with: "\"event\":\"history\""))
        #expect(history.contains("\"count\":0"))
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `another server at the address is not spoken to`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let other = try await ChatFixture.start(["alice"])
        let alice = try chat.connect("alice", port: other.port)
        alice.send("secret")
        alice.endInput()
        #expect(await alice.exit() == 1)
        let lines = await alice.allLines().joined()
        #expect(lines.contains("wrong-server"))
        #expect(lines.contains("--replace"))
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `SIGHUP drops nobody, SIGTERM ends cleanly, and clients come back by themselves`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        let bob = try await chat.join("bob")
        chat.server.kill(SIGHUP)
        alice.send("after the hangup")
        #expect(await bob.line(with: "after the hangup") != nil)
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
        #expect(await alice.line(with: "reconnecting") != nil)
        alice.send("said while it was away")
        let again = try await ChatFixture.serve(chat.folder, port: chat.port)
        #expect(await bob.line(with: "said while it was away") != nil)
        #expect(await alice.line(with: "\"ack\"") != nil)
        again.server.kill(SIGTERM)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `text from elsewhere never forges a line or drives the terminal`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        alice.send("{\"send\": \"one\\n12:00 <bob> two\\u001b[2J\\u202e\"}")
        #expect(await alice.line(with: "\"ack\"") != nil)
        let bob = try Child(
            "securechat",
            ["connect", "127.0.0.1:\(chat.port)", "--home", "bob", "--reader", "terminal"],
            folder: chat.folder.path
        )
        let line = try #require(await bob.line(with: "<alice>"))
        #expect(line.hasSuffix("<alice> one"))
        bob.endInput()
        #expect(await bob.exit() == 0)
        // The line break stays, and the text after it cannot look like a line of its own.
        let lines = await bob.allLines()
        #expect(lines.count == 2)
        #expect(lines.last == "    | 12:00 <bob> two\u{FFFD}[2J\u{FFFD}")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `what is typed before the login arrives in order, and leaving waits for it`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let said = (0..<200).map { "line \($0)" }
        let alice = try await Command.run(
            "securechat",
            ["connect", "127.0.0.1:\(chat.port)", "--home", "alice"],
            folder: chat.folder.path,
            input: said.joined(separator: "\n") + "\n/exit\n"
        )
        #expect(alice.status == 0, "\(alice.errors)")
        let bob = try await chat.join("bob")
        bob.endInput()
        #expect(await bob.exit() == 0)
        #expect(await bob.messages().map(\.text) == said)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a room in which nothing was said yet has a history of nothing`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try await chat.join("alice")
        alice.send("/history")
        let header = try #require(await alice.line(with: "\"event\":\"history\""))
        #expect(header.contains("\"count\":0"))
        alice.endInput()
        #expect(await alice.exit() == 0)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `whoever comes back without having missed anything still reads who is speaking`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        bob.send("first of its epoch")
        #expect(await bob.line(with: "\"ack\"") != nil)
        for round in 1...2 {
            let alice = try await chat.join("alice")
            bob.send("round \(round)")
            #expect(await alice.line(with: "round \(round)") != nil)
            alice.endInput()
            #expect(await alice.exit() == 0)
        }
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `an admin named on a later start is one, and a second server on a home is refused`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice"])
        let second = try await Command.run(
            "securechat",
            ["serve", "--home", "server", "--no-passphrase", "--listen", "127.0.0.1:0"],
            folder: chat.folder.path
        )
        #expect(second.status == 1)
        #expect(second.errors.contains("runs in this home already"))
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
        let again = try await ChatFixture.serve(chat.folder, port: 0, admins: ["alice"])
        let alice = try await again.join("alice")
        alice.send("/shutdown")
        #expect(await again.server.exit() == 0)
        #expect(await alice.exit() == 0)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `objects and commands come in through a pipe, and nothing else`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let result = try await Command.run(
            "securechat",
            ["connect", "127.0.0.1:\(chat.port)", "--home", "alice", "--json"],
            folder: chat.folder.path,
            input: """
                plain
                {"send": "object"}
                {"send": "/slash"}
                {"not": "ours"}

                {"command": "/history 20"}
                """
        )
        #expect(result.status == 1)  // neither text nor {"not": …} is a request
        let replayed = result.output.split(separator: "\n").compactMap { ReceivedMessage("\($0)") }
        #expect(replayed.map(\.text) == ["object", "/slash"])
        #expect(result.output.contains("unknown-command"))
    }
}
