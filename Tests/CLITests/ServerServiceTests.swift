import ChatProtocol
import Foundation
import NIOCore
import SwiftProtobuf
import TestSupport
import Testing

/// A server as a service: silent networks, stalled logs, changed settings.
struct ServerServiceTests {
    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a session that goes silent is pinged and closed; one that answers stays`() async throws {
        let chat = try await ChatFixture.start(
            ["alice", "bob"],
            environment: ["SECURECHAT_SILENCE_SECONDS": "2"]
        )
        let alice = try await chat.join("alice")
        let bob = try await ServerMember.join("bob", chat)
        let frames = await bob.client.untilClose()
        #expect(frames.contains { if case .ping? = $0.kind { true } else { false } })
        // Alice's client answered as many pings, and is still connected.
        alice.send("/who")
        let who = try #require(await alice.line(with: "\"who\""))
        #expect(who.contains("\"online\":[\"alice\"]"), "\(who)")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a log that nobody reads stops neither the chat nor SIGTERM`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
        let path = chat.folder.file("log")
        try #require(unsafe mkfifo(path, 0o600) == 0)
        let reader = unsafe open(path, O_RDWR | O_NONBLOCK)
        try #require(reader >= 0)
        defer { close(reader) }
        // 1,031 is F_SETPIPE_SZ, which the Glibc module lacks. It sets the smallest pipe.
        _ = fcntl(reader, 1_031, 4_096)
        let server = try Child(
            "sh",
            [
                "-c",
                "exec securechat serve --home server --no-passphrase --json "
                    + "--listen 127.0.0.1:\(chat.port) 2>log",
            ],
            folder: chat.folder.path
        )
        _ = await server.line(with: "listening")
        // Each login writes a line of some 60 bytes, which is more than the pipe takes.
        let keys = try ServerMember.sessionKeys("bob", chat)
        for _ in 0..<120 {
            let client = try await RawClient.connect(keys, port: chat.port)
            client.send(RawClient.hello())
            _ = await client.next { if case .welcome? = $0.kind { true } else { false } }
            await client.close()
        }
        let alice = try await chat.join("alice")
        alice.send("one")
        #expect(await alice.line(with: "\"ack\"") != nil)
        server.kill(SIGTERM)
        #expect(await server.exit() == 0)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `SIGHUP takes up admins and limits, and keeps the old ones where the file is wrong`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try await chat.join("alice")
        try chat.folder.write("config.json", #"{"admin": ["alice"], "history": 7}"#)
        chat.server.kill(SIGHUP)
        #expect(await chat.server.errorLine(with: "the settings were read again") != nil)
        #expect(await alice.line(with: "the role of alice is now") != nil)
        #expect(try await historyLimit(chat) == 7)
        try chat.folder.write("config.json", #"{"history": "many"}"#)
        chat.server.kill(SIGHUP)
        #expect(await chat.server.errorLine(with: "history is not a number") != nil)
        #expect(try await historyLimit(chat) == 7)
        // A warning is a line of the log, which never waits for its reader.
        try chat.folder.write("config.json", #"{"histroy": 7}"#)
        chat.server.kill(SIGHUP)
        let warning = await chat.server.errorLine(with: "there is no setting \"histroy\"")
        #expect(warning?.contains("warning securechat: config.json") == true, "\(warning ?? "")")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `an admin's /reload reads the settings as SIGHUP does, and says what came of it`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"], admins: ["alice"])
        let alice = try await chat.join("alice")
        let bob = try await chat.join("bob")
        try chat.folder.write("config.json", #"{"history": 7}"#)
        bob.send("/reload")
        #expect(await bob.line(with: "the server does not allow you to do that") != nil)
        alice.send("/reload")
        #expect(await alice.line(with: #""event":"reloaded""#) != nil)
        #expect(try await historyLimit(chat) == 7)
        try chat.folder.write("config.json", #"{"history": "many"}"#)
        alice.send("/reload")
        #expect(await alice.line(with: "history is not a number") != nil)
        #expect(try await historyLimit(chat) == 7)
    }

    private func historyLimit(_ chat: ChatFixture) async throws -> UInt32? {
        let client = try await RawClient.connect(
            ServerMember.sessionKeys("alice", chat),
            port: chat.port
        )
        client.send(RawClient.hello())
        let frame = await client.next { if case .welcome? = $0.kind { true } else { false } }
        await client.close()
        return frame?.welcome.historyLimit
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `SIGTERM does not wait behind what floods the server`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let floods = [
            try await ServerMember.join("alice", chat), try await ServerMember.join("alice", chat),
        ]
        for member in floods {
            member.client.send(try member.announcement())
            for index in 0..<2_000 {
                member.client.send(try member.message(index: UInt32(index), count: 1_000))
                member.client.send(.with { $0.historyRequest.count = 100 })
            }
        }
        let start = NIODeadline.now()
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
        #expect((NIODeadline.now() - start).nanoseconds < 5_000_000_000)
    }

    @Test(.timeLimit(.minutes(1 * Child.slowness)))
    func `an IPv6 address is printed as it can be typed`() async throws {
        let folder = try TemporaryFolder()
        let server = try Child(
            "securechat",
            ["serve", "--home", "server", "--no-passphrase", "--listen", "[::1]:0"],
            folder: folder.path
        )
        // On a machine without IPv6, the error must name the address.
        let line = await server.line(with: "listening on")
        server.kill(SIGTERM)
        _ = await server.exit()
        let text = line ?? ""
        let errors = await server.allErrors()
        #expect(text.hasPrefix("listening on [::1]:") || errors.contains("on [::1]:0"), "\(errors)")
    }
}
