import ChatProtocol
import Foundation
import KeyFormats
import Keystore
import NIOCore
import Registry
import TestSupport
import Testing

/// Honest faults around a running server: the server reports them and continues.
struct ServerFaultTests {
    /// Checks that a message of one client reaches another.
    private func requireTalk(_ one: Child, _ other: Child, _ text: String) async throws {
        one.send(text)
        let line = await other.line(with: "\"\(text)\"")
        try #require(line != nil, "\(text) did not arrive")
    }

    private func append(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    private func truncate(_ path: String, to count: Int) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: UInt64(count))
        try file.close()
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a junk line in the registry, and a registry that is cut: the last good state counts`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        let path = chat.folder.file("server/registry/log")
        let good = try chat.folder.read("server/registry/log")
        try append(Array("junk\n".utf8), to: path)
        #expect(await chat.server.errorLine(with: "the registry: ") != nil)
        let bob = try await chat.join("bob")
        try await requireTalk(alice, bob, "one")
        try truncate(path, to: good.count)
        #expect(await chat.server.errorLine(with: "it works again") != nil)
        // The registry was cut. No session ends, and nothing is forgotten.
        try truncate(path, to: 100)
        #expect(await chat.server.errorLine(with: "was cut or removed") != nil)
        try await requireTalk(bob, alice, "two")
        try append(Array(good.dropFirst(100)), to: path)
        #expect(await chat.server.errorLine(with: "it works again") != nil)
        try await chat.keyctl(["remove", "bob"], home: "server")
        #expect(await alice.line(with: "bob was removed") != nil)
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a store that cannot be written refuses with a code, and takes messages when it can`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        let bob = try await chat.join("bob")
        try await requireTalk(alice, bob, "before")
        try await chat.limit("fsize=1:")
        alice.send("lost")
        #expect(await alice.line(with: "\"code\":\"unavailable\"") != nil)
        #expect(await chat.server.errorLine(with: "it cannot be written") != nil)
        // Everything that needs no writing continues, logins too.
        let again = try await ServerMember.join("bob", chat)
        await again.settle()
        // The server's own tries, once a second, must not count as success.
        for _ in 0..<6 { try await chat.keyctl(["list"], home: "alice") }
        #expect(!chat.server.errorsSoFar.contains { $0.contains("it works again") })
        try await chat.limit("fsize=unlimited:")
        #expect(await chat.server.errorLine(with: "it works again") != nil)
        _ = await alice.line(with: "\"ready\"")
        _ = await bob.line(with: "\"ready\"")
        try await requireTalk(alice, bob, "after")
        let texts = bob.linesSoFar.joined()
        #expect(!texts.contains("\"lost\""), "what was refused came after all")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `another program's lock on the store is refused with a code, and passes`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        let bob = try await chat.join("bob")
        try await requireTalk(alice, bob, "before")
        // WAL_WRITE_LOCK of SQLite's WAL-index: one byte at offset 120.
        let path = chat.folder.file("server/chat/server.sqlite-shm")
        let file = unsafe open(path, O_RDWR | O_CLOEXEC)
        try #require(file >= 0)
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 120
        lock.l_len = 1
        try #require(unsafe fcntl(file, F_SETLKW, &lock) == 0)
        alice.send("refused")
        #expect(await alice.line(with: "\"code\":\"unavailable\"") != nil)
        close(file)
        #expect(await chat.server.errorLine(with: "it works again") != nil)
        _ = await alice.line(with: "\"ready\"")
        _ = await bob.line(with: "\"ready\"")
        try await requireTalk(alice, bob, "after")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `sessions end before the last descriptors are gone, and come back`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        let bob = try await chat.join("bob")
        try await requireTalk(alice, bob, "before")
        // The number of descriptors that the server itself has open depends on the cores. With
        // fewer descriptors, fewer sessions fit.
        var limit = 60 + 3 * sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let report = "too few file descriptors: "
        while !chat.server.errorsSoFar.contains(where: { $0.contains(report) }) {
            limit -= 3
            try #require(limit > 10, "no session was ended")
            try await chat.limit("nofile=\(limit):")
            // The server checks five times a second, and this takes as long.
            for _ in 0..<3 { try await chat.keyctl(["list"], home: "alice") }
        }
        #expect(await bob.line(with: "\"reconnecting\"") != nil, "the newest session ends")
        alice.send("meanwhile")
        #expect(await alice.line(with: "\"ack\"") != nil)
        try await chat.limit("nofile=1024:")
        #expect(await bob.line(with: "\"meanwhile\"") != nil)
        try await requireTalk(alice, bob, "after")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `passwd, then rotate, while it runs: the registry waits until the new key is open`()
        async throws
    {
        let folder = try TemporaryFolder()
        try await ChatFixture.makePerson("alice", folder)
        try folder.write("pass", "correct battery horse staple\n")
        try folder.write("new", "another battery horse staple\n")
        let server = try Child(
            "securechat",
            ["serve", "--home", "server", "--passphrase-file", "pass", "--json"]
                + ["--listen", "127.0.0.1:0"],
            folder: folder.path
        )
        let line = try #require(await server.line(with: "listening"))
        let port = try #require(
            line.split(separator: ":").compactMap { Int($0.prefix { $0.isNumber }) }.max()
        )
        let chat = ChatFixture(folder: folder, port: port, server: server)
        try await chat.register("alice")
        try await chat.keyctl(["import", "server/server.pub"], home: "alice")
        let alice = try await chat.join("alice")
        try await chat.keyctl(
            ["passwd", "server", "--passphrase-file", "pass", "--new-passphrase-file", "new"],
            home: "server"
        )
        try await chat.keyctl(
            ["rotate", "--user", "server", "--passphrase-file", "new"],
            home: "server"
        )
        #expect(await server.errorLine(with: "changes of the registry wait") != nil)
        // Members get no lines that the server cannot sign. The old state continues.
        try await ChatFixture.makePerson("bob", folder)
        try await chat.register("bob")
        alice.send("one")
        #expect(await alice.line(with: "\"ack\"") != nil)
        let seen = alice.linesSoFar.joined(separator: "\n")
        #expect(!seen.contains("bob") && !seen.contains("fork"), "\(seen)")
        try folder.write("pass", "another battery horse staple\n")
        server.kill(SIGHUP)
        #expect(await server.errorLine(with: "the server's key was rotated") != nil)
        #expect(await alice.line(with: "bob was added to the room") != nil)
        alice.send("two")
        #expect(await alice.line(with: "\"ack\"") != nil)
        #expect(!alice.linesSoFar.joined().contains("fork"))
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `the server's key expires while it runs: it says so, and goes on when it is renewed`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        var keystore = try Keystore(home: Home(path: chat.folder.file("server")))
        _ = try keystore.amend(
            keystore.unlock(keystore.record(KeyName("server")), passphrase: nil),
            .renew(expires: Timestamp.now.adding(seconds: 3))
        )
        #expect(await chat.server.errorLine(with: "the server's key was renewed") != nil)
        let expired = { (line: String) in line.contains("the server's key: ") }
        var role = "member"
        while !chat.server.errorsSoFar.contains(where: expired) {
            role = role == "admin" ? "member" : "admin"
            try await chat.keyctl(["role", "bob", role], home: "server")
        }
        alice.send("one")
        #expect(await alice.line(with: "\"ack\"") != nil)
        try await chat.keyctl(["renew", "--user", "server", "--expires", "1y"], home: "server")
        #expect(await chat.server.errorLine(with: "it works again") != nil)
        let bob = try await chat.join("bob")
        try await requireTalk(alice, bob, "two")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a server's key is rotated, and the old one revoked, while it is stopped`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        alice.send("one")
        #expect(await alice.line(with: "\"ack\"") != nil)
        alice.endInput()
        #expect(await alice.exit() == 0)
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
        try await chat.keyctl(["rotate", "--user", "server"], home: "server")
        try await chat.keyctl(["revoke", "server", "--key-version", "1"], home: "server")
        let path = chat.folder.file("server/registry/room-head")
        let signed = try String(contentsOfFile: path, encoding: .utf8)
        let next = try await ChatFixture.serve(chat.folder, port: chat.port)
        let bob = try await ServerMember.join("bob", next)
        let isTaken = await bob.publish(try bob.announcement())
        #expect(isTaken, "\(next.server.errorsSoFar)")
        next.server.kill(SIGTERM)
        #expect(await next.server.exit() == 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8) != signed)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `another process that holds the home's lock keeps nobody from talking`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        let file = unsafe open(chat.folder.file("server/lock"), O_RDWR | O_CLOEXEC)
        try #require(file >= 0 && flock(file, LOCK_EX) == 0)
        // Bob's login brings statements, which need the home. It waits, and alice does not.
        try await chat.keyctl(["rotate", "--user", "bob"], home: "bob")
        let bob = try chat.connect("bob")
        alice.send("one")
        #expect(await alice.line(with: "\"ack\"") != nil)
        close(file)
        #expect(await bob.line(with: "\"ready\"") != nil)
        try await requireTalk(alice, bob, "two")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a store that was removed is told, is read, and is not added to`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        alice.send("one")
        _ = await alice.line(with: "\"ack\"")
        alice.endInput()
        #expect(await alice.exit() == 0)
        chat.server.kill(SIGTERM)
        #expect(await chat.server.exit() == 0)
        let folder = chat.folder.file("server/chat")
        for file in try FileManager.default.contentsOfDirectory(atPath: folder)
        where file.contains("sqlite") {
            try FileManager.default.moveItem(
                atPath: "\(folder)/\(file)",
                toPath: chat.folder.file(file)
            )
        }
        let empty = try await ChatFixture.serve(chat.folder, port: chat.port)
        #expect(await empty.server.errorLine(with: "lost entries") != nil)
        // Alice saw entries that are gone. She is told so, and there is no fork.
        let refused = try empty.connect("alice")
        #expect(await refused.line(with: "\"code\":\"unavailable\"") != nil)
        let bob = try await ServerMember.join("bob", empty)
        bob.client.send(try bob.announcement())
        let answer = await bob.client.next { if case .rejected? = $0.kind { true } else { false } }
        #expect(answer?.rejected.code == "unavailable")
        empty.server.kill(SIGTERM)
        #expect(await empty.server.exit() == 0)
        // The old store is put back, and everything works.
        for file in try FileManager.default.contentsOfDirectory(atPath: folder)
        where file.contains("sqlite") {
            try FileManager.default.removeItem(atPath: "\(folder)/\(file)")
        }
        for file in try FileManager.default.contentsOfDirectory(atPath: chat.folder.path)
        where file.contains("sqlite") {
            try FileManager.default.moveItem(
                atPath: chat.folder.file(file),
                toPath: "\(folder)/\(file)"
            )
        }
        let whole = try await ChatFixture.serve(chat.folder, port: chat.port)
        let again = try await whole.join("alice")
        again.send("two")
        #expect(await again.line(with: "\"ack\"") != nil)
    }
}
