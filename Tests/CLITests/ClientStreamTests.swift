import Foundation
import TestSupport
import Testing

/// The chat on pipes, as scripts, bots and logs use it.
@Suite(.serialized)
struct ClientStreamTests {
    private func connect(
        _ name: String,
        _ chat: ChatFixture,
        _ options: [String] = []
    ) throws -> Child {
        try Child(
            "securechat",
            ["connect", "127.0.0.1:\(chat.port)", "--home", name] + options,
            folder: chat.folder.path
        )
    }

    private func texts(_ lines: [String]) -> [String] {
        lines.compactMap { ReceivedMessage($0)?.text }
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `what is no object is refused, not said, and a ref comes back with its answer`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try connect("alice", chat, ["--json"])
        let long = String(repeating: "x", count: 40_000)
        for line in [
            "{", "  \"send\": \"pretty\"", "}", "{\"send\": \"good\", \"ref\": \"first\"}",
            "{\"send\": \"\(long)\", \"ref\": \"second\"}", "{\"to\": \"bob\", \"ref\": \"third\"}",
            "{\"command\": \"/frob\", \"ref\": \"fourth\"}",
        ] {
            alice.send(line)
        }
        alice.endInput()
        #expect(await alice.exit() == 1)
        let lines = await alice.allLines()
        #expect(lines.count { $0.contains("must be one JSON object") } == 3)
        #expect(lines.contains { $0.contains("\"ack\"") && $0.contains("\"ref\":\"first\"") })
        for reference in ["second", "third", "fourth"] {
            let wanted = "\"ref\":\"\(reference)\""
            #expect(lines.contains { $0.contains("\"error\"") && $0.contains(wanted) })
        }
        let bob = try await chat.join("bob")
        _ = await bob.line(with: "\"live\"")
        bob.endInput()
        #expect(await bob.exit() == 0)
        #expect(await texts(bob.allLines()) == ["good"])
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `text that is not UTF-8 is refused with its line's number, and the rest is sent`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try connect("alice", chat)
        alice.sendBytes(Array("grüße\n".utf8) + [0x67, 0x72, 0xFC, 0xDF, 0x65, 0x0A])
        alice.sendBytes(Array("\nlast, without an end".utf8))
        alice.endInput()
        #expect(await alice.exit() == 1)
        let errors = await alice.allErrors()
        #expect(errors.contains("line 2 of standard input is not UTF-8"))
        #expect(errors.components(separatedBy: "not UTF-8").count == 2)
        let bob = try await chat.join("bob")
        _ = await bob.line(with: "\"live\"")
        #expect(await texts(soFar(bob)) == ["grüße", "last, without an end"])
        bob.endInput()
    }

    private func soFar(_ child: Child) async -> [String] {
        child.endInput()
        #expect(await child.exit() == 0)
        return await child.allLines()
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `with --text-only all of standard input is text`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"], admins: ["alice"])
        let said = ["/shutdown", "//who", "{\"command\": \"/shutdown\"}", "/frob"]
        for options in [["--text-only"], ["--text-only", "--json"]] {
            let alice = try connect("alice", chat, options)
            for line in said { alice.send(line) }
            alice.endInput()
            #expect(await alice.exit() == 0)
        }
        let bob = try await chat.join("bob")
        _ = await bob.line(with: "\"live\"")
        #expect(await texts(soFar(bob)) == said + said)
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a pipe whose messages are not all acknowledged fails and says how many`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"], admins: ["alice"])
        let alice = try await chat.join("alice")
        let bob = try connect("bob", chat, ["--json", "--text-only"])
        let count = 20_000
        let lines = (0..<count).map { "number \($0)\n" }.joined()
        Thread.detachNewThread {
            bob.sendBytes(Array(lines.utf8))
            bob.endInput()
        }
        _ = await alice.line(with: "number 100\"")
        alice.send("/shutdown")
        #expect(await chat.server.exit() == 0)
        #expect(await bob.exit() == 1)
        let shown = await bob.allLines()
        let acknowledged = shown.count { $0.contains("\"event\":\"ack\"") }
        #expect(acknowledged < count)
        #expect(shown.contains { $0.contains("not acknowledged") })
        #expect(shown.contains { $0.contains("the rest was not sent") })
        // The same for pipes of people, if no server was ever there.
        let late = try await Command.run(
            "securechat",
            ["connect", "127.0.0.1:\(chat.port)", "--home", "bob"],
            folder: chat.folder.path,
            input: "lost\n"
        )
        #expect(late.status == 1)
        #expect(late.errors.contains("1 message was not sent"))
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `--wait waits for a server that is not up yet`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
        let refused = try connect("alice", chat, ["--json"])
        #expect(await refused.exit() == 1)
        let alice = try connect("alice", chat, ["--json", "--wait"])
        alice.send("{\"send\": \"early\"}")
        alice.endInput()
        #expect(await alice.line(with: "\"reconnecting\"") != nil)
        let again = try await ChatFixture.serve(chat.folder, port: chat.port)
        #expect(await alice.exit() == 0)
        #expect(await alice.allLines().contains { $0.contains("\"ack\"") })
        again.server.kill(SIGTERM)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `--follow stays when standard input is closed, and --log keeps both sides`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"], admins: ["alice"])
        let bob = try connect("bob", chat, ["--follow", "--log", "said.txt"])
        bob.send("from bob")
        bob.endInput()
        _ = await bob.errorLine(with: "you are bob")
        let alice = try await chat.join("alice")
        alice.send("{\"send\": \"one\\ntwo\\u001b[2J\"}")
        #expect(await bob.line(with: "    | two") != nil)
        alice.send("/shutdown")
        #expect(await bob.exit() == 0)
        let path = chat.folder.file("said.txt")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let kept = try String(contentsOfFile: path, encoding: .utf8)
        #expect(kept.contains("Z <bob> from bob\n"))
        #expect(kept.contains("Z <alice> one\n    | two\u{FFFD}[2J\n"))
        let dated = try Regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z ")
        for line in kept.split(separator: "\n") where !line.hasPrefix("    | ") {
            #expect(line.firstMatch(of: dated) != nil, "\(line)")
        }
        // The file is appended to. A file that cannot be written is reported before anything is
        // sent.
        let again = try await ChatFixture.serve(chat.folder, port: chat.port)
        let second = try connect("bob", again, ["--log", "said.txt"])
        second.endInput()
        #expect(await second.exit() == 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(kept))
        let refused = try connect("bob", again, ["--log", "missing/said.txt"])
        #expect(await refused.exit() == 1)
        #expect(await refused.allErrors().contains("the transcript missing/said.txt cannot be"))
        again.server.kill(SIGTERM)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `what was missed ends with a mark, for programs and for people`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        for options in [["--json"], ["--reader", "bob"]] {
            for number in 1...3 { alice.send("missed \(number)") }
            for _ in 1...3 { _ = await alice.line(with: "\"ack\"") }
            let bob = try connect("bob", chat, options)
            if options != ["--json"] {
                #expect(await bob.errorLine(with: "you missed 3 messages") != nil)
                #expect(await soFar(bob).count { $0.contains("<alice> missed") } == 3)
            } else {
                #expect(await bob.line(with: "\"event\":\"live\",\"missed\":3") != nil)
                let kinds = await soFar(bob).compactMap { line in
                    ["ready", "message", "live", "bye"].first { line.contains("\"\($0)\"") }
                }
                #expect(
                    kinds == ["ready", "message", "message", "message", "live", "bye"]
                )
            }
        }
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a full, non-blocking output loses nothing, and every line of it is JSON`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        // The pipe is full long before it is read.
        let bob = try Child(
            "bash",
            [
                "-c",
                "mkfifo printed; exec python3 -c 'import os, sys; os.set_blocking(1, False); "
                    + "os.execvp(\"securechat\", sys.argv[1:])' securechat connect "
                    + "127.0.0.1:\(chat.port) --home bob --json 1<>printed",
            ],
            folder: chat.folder.path
        )
        let count = 2_000
        let padding = String(repeating: "p", count: 200)
        // Another task reports refused lines than messages.
        Thread.detachNewThread {
            bob.sendBytes(Array(String(repeating: "no object\n", count: count).utf8))
        }
        for number in 0..<count { alice.send("\(number) \(padding)") }
        for _ in 0..<count { _ = await alice.line(with: "\"ack\"") }
        let reader = try Child("cat", ["printed"], folder: chat.folder.path)
        _ = await reader.line(with: "\"\(count - 1) p")
        bob.endInput()
        #expect(await bob.exit() == 1)  // because of the refused lines
        _ = await reader.exit()
        let lines = await reader.allLines()
        #expect(lines.count { ReceivedMessage($0) != nil } == count)
        #expect(lines.count { $0.contains("must be one JSON object") } == count)
        for line in lines {
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            #expect(object is [String: Any], "\(line)")
        }
    }
}
