import ChatProtocol
import CryptoCore
import Failures
import Foundation
import KeyFormats
import Keystore
import NIOCore
import Registry
import SwiftProtobuf
import TestSupport
import Testing

/// Work and memory that clients can cause at a server.
struct ServerFloodTests {
    /// The memory that a flood may cost the server, in MiB.
    private let fairGrowth = Child.isSanitized ? 480 : 48

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `bytes after a refusal are not kept`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try await ServerMember.join("alice", chat)
        let before = try chat.serverMemory()
        for _ in 0..<4 {
            let client = try await RawClient.connect(
                ServerMember.sessionKeys("alice", chat),
                port: chat.port
            )
            client.send(bytes: [0x7f, 0xff, 0xff, 0xff])
            // More than the server reads while it closes, so it cuts the connection.
            client.send(bytes: [UInt8](repeating: 7, count: 16 << 20))
            _ = await client.untilClose()
        }
        await alice.settle()
        let after = try chat.serverMemory()
        #expect(after - before < fairGrowth, "\(before) MiB, then \(after) MiB")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `history that is asked for and not read costs no memory, and nobody else waits`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await ServerMember.join("alice", chat)
        alice.client.send(try alice.announcement())
        for index in 0..<60 {
            alice.client.send(try alice.message(index: UInt32(index), count: 40_000))
        }
        await alice.settle()
        let bob = try await ServerMember.join("bob", chat)
        let before = try chat.serverMemory()
        let lazy = try await ServerMember.join("alice", chat)
        try await lazy.client.stopReading()
        let request = WireFrame.with { $0.historyRequest.count = 10_000 }
        let who = WireFrame.with { $0.whoRequest = .init() }
        for _ in 0..<500 { lazy.client.send(request) }
        for _ in 0..<500 { lazy.client.send(who) }
        for _ in 0..<5 { await bob.settle() }
        let after = try chat.serverMemory()
        #expect(after - before < 48, "\(before) MiB, then \(after) MiB")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a member has so many sessions, and others get in all the same`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        var sessions: [ServerMember] = []
        for _ in 0..<ServerLimits.sessionsPerMember {
            sessions.append(try await ServerMember.join("alice", chat))
        }
        let more = try await RawClient.connect(
            ServerMember.sessionKeys("alice", chat),
            port: chat.port
        )
        more.send(RawClient.hello())
        let frames = await more.untilClose()
        #expect(frames.last?.refusal.code == ChatError.Code.tooManySessions.rawValue)
        await (try await ServerMember.join("bob", chat)).settle()
        // A session that ends makes room for another.
        await sessions[0].client.close()
        await sessions[1].settle()
        await (try await ServerMember.join("alice", chat)).settle()
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a frame that no client sends ends the session undecoded`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try await ServerMember.join("alice", chat)
        alice.client.send(.with { $0.entries.keys = [WireEntry(), WireEntry()] })
        let frames = await alice.client.untilClose()
        #expect(frames.last?.refusal.code == ChatError.Code.protocolViolation.rawValue)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `renewals without end, and such as change nothing, do not reach the registry`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice"])
        let unlocked = try chat.unlocked("alice")
        let identity = unlocked.record.identity
        func renewals(_ count: Int, after previous: SHA256Digest, step: Int) throws -> [Statement] {
            var previous = previous
            return try (0..<count).map { number in
                let statement = try Amendment.statement(
                    .renew(expires: Timestamp.now.adding(seconds: 86_400 + number * step)),
                    id: identity.id,
                    version: 1,
                    previous: previous,
                    key: unlocked.signingKey(at: .now),
                    time: .now
                )
                previous = statement.leafHash
                return statement
            }
        }
        func lineCount() throws -> Int {
            try chat.folder.read("server/registry/log").count { $0 == UInt8(ascii: "\n") }
        }
        func join(_ statements: [Statement]) async throws {
            let member = try await ServerMember.join("alice", chat) {
                $0.statements = statements.map { Data($0.line) }
            }
            await member.settle()
            await member.client.close()
        }
        let before = try lineCount()
        let most = ServerLimits.amendmentsPerDay
        try await join(renewals(most + 1, after: identity.id, step: 1))
        #expect(try lineCount() == before, "too many at once")
        try await join(renewals(2, after: identity.id, step: 0))
        #expect(try lineCount() == before, "the second changes nothing")
        let taken = try renewals(most, after: identity.id, step: 1)
        try await join(taken)
        #expect(try lineCount() == before + most)
        // Known statements cost nothing. One new statement more is refused today.
        let more = try renewals(1, after: taken[most - 1].leafHash, step: 7)
        try await join(taken + more)
        #expect(try lineCount() == before + most)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a member's statements with a certificate of another key are verified so often`()
        async throws
    {
        let chat = try await ChatFixture.start(["bob"])
        try await chat.keyctl(["rotate", "--user", "bob"], home: "bob")
        let record = try chat.unlocked("bob").record
        let keys = try SessionKeys(
            use: .client,
            identity: record.identity.id,
            chat: chat.chat(),
            version: record.identity.latest.number,
            statements: [],
            issuer: TestKeys.all[0],
            now: Timestamp.now.seconds
        )
        let hello = RawClient.hello { $0.statements = record.chain.map { Data($0.line) } }
        var strangers: [RawClient] = []
        for _ in 0..<ServerLimits.failedStatementsPerMinute {
            let stranger = try await RawClient.connect(keys, port: chat.port)
            stranger.send(hello)
            strangers.append(stranger)
        }
        for stranger in strangers {
            let answer = await stranger.next()
            #expect(answer?.refusal.code == ChatError.Code.notAdmitted.rawValue)
        }
        // Statements from this address are no longer verified, so bob's second version is unknown.
        let bob = try chat.connect("bob")
        #expect(await bob.line(with: "\"code\":\"not-admitted\"") != nil)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `an epoch is announced so often, over all logins of its session`() async throws {
        let chat = try await ChatFixture.start(["bob"])
        let keys = try ServerMember.sessionKeys("bob", chat)
        for number in 1...ServerLimits.announcementsPerEpoch + 1 {
            let bob = try await ServerMember.join("bob", chat, keys: keys)
            let isTaken = await bob.publish(try bob.announcement())
            let isAllowed = number <= ServerLimits.announcementsPerEpoch
            #expect(isTaken == isAllowed, "number \(number)")
            await bob.client.close()
        }
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `announcements in use come in pages, to a session that reads them`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        var speakers: [ServerMember] = []
        for _ in 0..<ServerLimits.sessionsPerMember {
            let bob = try await ServerMember.join("bob", chat)
            bob.client.send(try bob.announcement(byteCount: 1_000_000))
            await bob.settle()
            speakers.append(bob)
        }
        let before = try chat.serverMemory()
        var readers: [ServerMember] = []
        for _ in 0..<ServerLimits.sessionsPerMember - 1 {
            let reader = try await ServerMember.join("alice", chat) { $0.atHead = true }
            try await reader.client.stopReading()
            readers.append(reader)
        }
        await speakers[0].settle()
        // A full channel and a page for each session, and not all announcements for each.
        let most = readers.count * 6
        #expect(try chat.serverMemory() - before < most)
        let alice = try await ServerMember.join("alice", chat) { $0.atHead = true }
        var keysCount = 0
        while keysCount < speakers.count {
            let frame = await alice.client.next { !$0.entries.keys.isEmpty }
            keysCount += try #require(frame).entries.keys.count
        }
        #expect(keysCount == speakers.count)
        let text = try speakers[0].message(index: 0, count: 10)
        speakers[0].client.send(text)
        let live = await alice.client.next { !$0.entries.entries.isEmpty }
        #expect(live?.entries.entries.last?.kind == .message)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a refusal comes as late for everybody`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try chat.unlocked("alice").record.identity.id
        let ids = [alice, SHA256Digest(hashing: [1])]
        // Frames after the Hello must not make the refusal earlier.
        let ping = FrameCodec.encode(.with { $0.ping = .init() })
        for (id, extra) in [(ids[0], []), (ids[1], []), (ids[0], ping), (ids[1], ping)] {
            let keys = try SessionKeys(
                use: .client,
                identity: id,
                chat: chat.chat(),
                version: 1,
                statements: [],
                issuer: TestKeys.all[0],
                now: Timestamp.now.seconds
            )
            let client = try await RawClient.connect(keys, port: chat.port)
            let start = NIODeadline.now()
            client.send(bytes: FrameCodec.encode(RawClient.hello()) + extra)
            let frame = await client.next()
            let passed = (NIODeadline.now() - start).nanoseconds / 1_000_000
            #expect(frame?.refusal.code == ChatError.Code.notAdmitted.rawValue)
            #expect(passed >= ServerLimits.refusalDelayMilliseconds)
        }
    }
}
