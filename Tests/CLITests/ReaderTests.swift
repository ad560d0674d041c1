import Foundation
import TestSupport
import Testing

/// What was read is remembered for each reader separately, and only after it was shown.
struct ReaderTests {
    private func say(_ chat: ChatFixture, _ text: String, as name: String) async throws -> Command {
        try await Command.run(
            "securechat",
            ["connect", "127.0.0.1:\(chat.port)", "--home", name],
            folder: chat.folder.path,
            input: text + "\n"
        )
    }

    private func folder(_ chat: ChatFixture, _ name: String) throws -> String {
        chat.folder.file("\(name)/chat/\(try chat.chat())")
    }

    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `saying something through a pipe fetches nothing, and marks nothing as read`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let first = try await chat.join("bob")
        first.endInput()
        #expect(await first.exit() == 0)
        #expect(try await say(chat, "for bob", as: "alice").status == 0)
        let piped = try await say(chat, "backup done", as: "bob")
        #expect(piped.status == 0, "\(piped.errors)")
        #expect(!piped.output.contains("for bob"))
        let bob = try await chat.join("bob")
        #expect(await bob.line(with: "\"text\":\"for bob\"") != nil)
    }

    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `two readers of one person each see everything, and are told by themselves who is there`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        for reader in ["one", "two"] {
            let bob = try chat.connect("bob", reader: reader)
            let told = try #require(await bob.line(with: "\"event\":\"members\""))
            #expect(told.contains("\"members\":[\"alice\",\"bob\"]"))
            #expect(told.contains("\"unverified\":[\"alice\"]"))
            bob.endInput()
            #expect(await bob.exit() == 0)
        }
        #expect(try await say(chat, "hello", as: "alice").status == 0)
        for reader in ["one", "two"] {
            let bob = try chat.connect("bob", reader: reader)
            #expect(await bob.line(with: "\"text\":\"hello\"") != nil)
            bob.endInput()
            #expect(await bob.exit() == 0)
            #expect(await !bob.allLines().joined().contains("\"event\":\"members\""))
        }
    }

    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `a second process of one reader says so, and moves nothing`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        let second = try chat.connect("bob")
        #expect(await second.line(with: "marks nothing as read") != nil)
        #expect(try await say(chat, "hello", as: "alice").status == 0)
        #expect(await second.line(with: "\"text\":\"hello\"") != nil)
        #expect(await bob.line(with: "\"text\":\"hello\"") != nil)
    }

    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `a damaged place is told, not taken for a first login`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        #expect(try await say(chat, "hello", as: "alice").status == 0)
        #expect(await bob.line(with: "\"text\":\"hello\"") != nil)
        bob.endInput()
        #expect(await bob.exit() == 0)
        let path = try folder(chat, "bob") + "/bob+json.place"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[30] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let again = try chat.connect("bob")
        #expect(await again.line(with: "bob+json.place is damaged") != nil)
        #expect(await again.exit() == 1)
    }

    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `a kept fork stops every connection until reset sets it aside`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        bob.endInput()
        #expect(await bob.exit() == 0)
        let fork = try folder(chat, "bob") + "/fork"
        try Data("securechat fork v1\nmessage two histories\n".utf8)
            .write(to: URL(fileURLWithPath: fork))
        let refused = try chat.connect("bob")
        #expect(await refused.line(with: "since it showed two histories") != nil)
        #expect(await refused.exit() == 1)
        let unasked = try await Command.run(
            "securechat",
            ["reset", "--home", "bob"],
            folder: chat.folder.path
        )
        #expect(unasked.status == 1)
        #expect(unasked.errors.contains("securechat reset --yes"))
        let reset = try await Command.run(
            "securechat",
            ["reset", "--home", "bob", "--yes"],
            folder: chat.folder.path
        )
        #expect(reset.status == 0, "\(reset.errors)")
        #expect(reset.output.contains("is kept in"))
        let again = try chat.connect("bob")
        #expect(await again.line(with: "\"event\":\"members\"") != nil)
    }

    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `with a server.pub from after a rotation, what is piped first arrives`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        try await chat.keyctl(["rotate", "--user", "server"], home: "server")
        try await ChatFixture.makePerson("carol", chat.folder)
        try await chat.register("carol")
        try await chat.keyctl(["export", "server", "--out", "v2.pub"], home: "server")
        try await chat.keyctl(["import", "v2.pub", "--user", "server"], home: "carol")
        let piped = try await say(chat, "first line", as: "carol")
        #expect(piped.status == 0, "\(piped.errors)")
        #expect(await bob.line(with: "\"text\":\"first line\"") != nil)
    }

    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `with --pinned, a newcomer who gets nothing is named before the first message`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try Child(
            "securechat",
            ["connect", "127.0.0.1:\(chat.port)", "--home", "alice", "--json", "--pinned"],
            folder: chat.folder.path,
            speaksJSON: true
        )
        #expect(await alice.line(with: "\"ready\"") != nil)
        try await ChatFixture.makePerson("zoe", chat.folder)
        try await chat.register("zoe")
        #expect(await alice.line(with: "zoe was added to the room") != nil)
        alice.send("hello")
        #expect(await alice.line(with: "zoe cannot read what you say: with --pinned") != nil)
        #expect(await alice.line(with: "\"ack\"") != nil)
    }
}
