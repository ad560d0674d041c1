import Foundation
import TestSupport
import Testing

/// The chat on a real terminal.
@Suite(.serialized)
struct TerminalTests {
    private func start(
        _ chat: ChatFixture,
        before: String = "",
        prefix: String = "exec",
        locale: String = "C.UTF-8",
        greeting: String = "* you are alice"
    ) async throws -> TerminalScreen {
        let connect = "securechat connect 127.0.0.1:\(chat.port) --home alice"
        let screen = try await TerminalScreen(
            "\(before) sh -c 'echo $$ > alice.pid; \(prefix) \(connect)'",
            folder: chat.folder,
            locale: locale
        )
        if !greeting.isEmpty { try await screen.shows(greeting) }
        return screen
    }

    private func processID(_ chat: ChatFixture) throws -> Int32 {
        let text = try String(contentsOfFile: chat.folder.file("alice.pid"), encoding: .utf8)
        return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)), arguments: ["C", "nonsense", "C.UTF-8"])
    func `a line of three rows stays whole under what comes in, in every locale`(
        locale: String
    ) async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        let alice = try await start(chat, locale: locale)
        let long = "grüße 日本 🚀 and this is a long line that takes three rows of the screen"
        try await alice.type(long)
        try await alice.shows("the screen")
        // A single Esc, half a key, and keys after which a shell's editor waits.
        var heard = 0
        for keys in [
            ["Escape"], ["Escape", "["], ["C-v"], ["C-r"], ["M-O"], ["Escape", "Escape"],
        ] {
            for key in keys { try await alice.press(key) }
            heard += 1
            bob.send("incoming \(heard)")
            try await alice.shows("incoming \(heard)")
        }
        let shown = try await alice.screen()
        let folded = shown.split(separator: "\n", omittingEmptySubsequences: false).joined()
        #expect(folded.components(separatedBy: "grüße 日本 🚀").count == 2, "\(shown)")
        #expect(folded.components(separatedBy: "three rows").count == 2, "\(shown)")
        try await alice.press("Enter")
        let received = try #require(await bob.line(with: "\"event\":\"message\""))
        #expect(ReceivedMessage(received)?.text == long)
        // Esc and then a letter give the letter.
        try await alice.press("Escape")
        try await alice.type("x marks")
        try await alice.shows("alice> x marks")
        try await alice.resize(columns: 30)
        bob.send("narrower")
        try await alice.shows("narrower")
        #expect(try await alice.screen().components(separatedBy: "x marks").count == 2)
        try await alice.press("Enter", "C-d")
        try await alice.shows("status 0")
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a paste is text, /shutdown asks, and Tab knows commands and members`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"], admins: ["alice"])
        let bob = try await chat.join("bob")
        let alice = try await start(chat)
        try await alice.paste("/shutdown\nyes\n")
        try await alice.shows("/shutdown↵yes↵")
        try await alice.press("Enter")
        let pasted = try #require(await bob.line(with: "\"event\":\"message\""))
        #expect(ReceivedMessage(pasted)?.text == "/shutdown\nyes")
        try await alice.type("/hi\t")
        try await alice.shows("alice> /history")
        try await alice.press("C-u")
        try await alice.type("hello bo\t!")
        try await alice.shows("alice> hello bob !")
        try await alice.press("C-u")
        try await alice.type("al\t")
        try await alice.shows("alice> alice")
        try await alice.press("C-u")
        // File names of the folder are not completed.
        try await alice.type("alice.\tp")
        try await alice.shows("alice> alice.p")
        try await alice.press("C-u")
        try await alice.type("/shutdown")
        try await alice.press("Enter")
        try await alice.shows("Type yes")
        try await alice.type("no")
        try await alice.press("Enter")
        try await alice.shows("* not done")
        try await alice.type("still here")
        try await alice.press("Enter")
        #expect(await bob.line(with: "still here") != nil)
        try await alice.type("/shutdown")
        try await alice.press("Enter")
        try await alice.shows("Type yes")
        try await alice.type("yes")
        try await alice.press("Enter")
        #expect(await chat.server.exit() == 0)
        try await alice.shows("status 0")
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a terminal that is gone without a hangup ends the client`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        // In a session of its own, the process gets no signal about it.
        let alice = try await start(chat, before: "setsid --wait")
        let process = try processID(chat)
        alice.vanish()
        #expect(endsByItself(process))
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a terminal is given back as it was, also by a client that is told to end`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try await TerminalScreen(
            "stty -a > before; (exec sh -c 'echo $$ > alice.pid; exec securechat connect "
                + "127.0.0.1:\(chat.port) --home alice'); ended=$?; stty -a > after; "
                + "(exit $ended)",
            folder: chat.folder
        )
        try await alice.shows("* you are alice")
        kill(try processID(chat), SIGTERM)
        try await alice.shows("status 143")
        #expect(try chat.folder.read("before") == chat.folder.read("after"))
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a client that is suspended gives the terminal back, and takes it again`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let connect = "securechat connect 127.0.0.1:\(chat.port) --home alice"
        let alice = try await TerminalScreen(
            "stty -a > before; bash -m -c '\(connect); echo stopped $?; stty -a > after; fg'",
            folder: chat.folder
        )
        try await alice.shows("* you are alice")
        try await alice.type("half a line")
        try await alice.shows("alice> half a line")
        try await alice.press("C-z")
        let screen = try await alice.shows("stopped 148")
        #expect(try chat.folder.read("before") == chat.folder.read("after"), "\(screen)")
        try await alice.type(", and the rest")
        try await alice.shows("alice> half a line, and the rest")
        try await alice.press("C-c", "C-c")
        try await alice.shows("status 0")
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a terminal without escape sequences is sent none`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        let alice = try await start(
            chat,
            before: "echo begin; read begin; TERM=dumb",
            greeting: ""
        )
        try await alice.shows("begin")
        try await alice.record(chat.folder.file("printed"))
        try await alice.press("Enter")
        try await alice.shows("* you are alice")
        bob.send("hello")
        try await alice.shows("<bob> hello")
        try await alice.type("grüße")
        try await alice.press("Enter")
        #expect(await bob.line(with: "grüße") != nil)
        try await alice.type("/shutdown")
        try await alice.press("Enter")
        try await alice.shows("Type yes")
        try await alice.press("Enter")
        try await alice.shows("* not done")
        try await alice.press("C-d")
        try await alice.shows("status 0")
        let printed = try chat.folder.read("printed")
        #expect(String(decoding: printed, as: UTF8.self).contains("<bob> hello"))
        #expect(!printed.contains(0x1B))
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `what is typed while the server is away is counted when its writer leaves`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try await start(chat)
        chat.server.kill(SIGKILL)
        try await alice.shows("trying again")
        for text in ["one", "two"] {
            try await alice.type(text)
            try await alice.press("Enter")
        }
        try await alice.shows("alice> two")
        try await alice.press("C-d")
        try await alice.shows("2 messages were not")
        try await alice.shows("status 1")
    }
}
