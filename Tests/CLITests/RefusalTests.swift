import ChatProtocol
import CryptoCore
import Failures
import Foundation
import KeyFormats
import KeyOperations
import Keystore
import NIOCore
import NIOPosix
import Registry
import TestSupport
import Testing

/// People who are refused: each is told what to do, and no other member notices anything.
struct RefusalTests {
    private func requireRefused(
        _ client: Child,
        code: String,
        hint: String
    ) async throws {
        client.send("let me in")
        client.endInput()
        #expect(await client.exit() == 1)
        let lines = await client.allLines().joined(separator: "\n")
        #expect(lines.contains("\"code\":\"\(code)\""), "\(lines)")
        #expect(lines.contains(hint), "\(lines)")
        #expect(!lines.contains("\"ready\""))
    }

    /// Alice must see nothing between two of her own messages.
    private func requireUndisturbed(_ witness: Child, _ mark: String) async throws {
        witness.send(mark)
        _ = await witness.line(with: "\"ack\"")
        witness.send("/who")
        let who = try #require(await witness.line(with: "\"who\""))
        #expect(who.contains("\"online\":[\"alice\"]"), "\(who)")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a stranger with only the server's public key`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try await chat.join("alice")
        try await ChatFixture.makePerson("zoe", chat.folder)
        try await chat.keyctl(["import", "server/server.pub"], home: "zoe")
        try await requireRefused(
            chat.connect("zoe"),
            code: "not-admitted",
            hint: "runs: keyctl import"
        )
        try await requireUndisturbed(alice, "one")
        // After a registration, without a restart, she can log in.
        try await chat.register("zoe")
        _ = try await chat.join("zoe")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `another key under alice's name`() async throws {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try await chat.join("alice")
        let made = try await Command.run(
            "keyctl",
            ["gen", "--home", "mallory", "--user", "alice", "--bits", "2048", "--no-passphrase"],
            folder: chat.folder.path
        )
        #expect(made.status == 0)
        try await chat.keyctl(["import", "server/server.pub"], home: "mallory")
        // The answer is the same text that a stranger gets, so it tells nothing about alice.
        try await requireRefused(
            chat.connect("alice", home: "mallory"),
            code: "not-admitted",
            hint: "runs: keyctl import"
        )
        try await requireUndisturbed(alice, "one")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a revoked key, whose running session ends at once`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        let bob = try await chat.join("bob")
        try await chat.keyctl(["revoke", "bob", "--reason", "stolen"], home: "server")
        #expect(await bob.line(with: "\"code\":\"revoked\"") != nil)
        #expect(await bob.exit() == 1)
        _ = await alice.line(with: "was revoked")
        try await requireRefused(chat.connect("bob"), code: "revoked", hint: "keyctl gen")
        try await requireUndisturbed(alice, "one")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a revocation that a login brings ends the revoked key's sessions`() async throws {
        let chat = try await ChatFixture.start(["bob"])
        let stolen = try await chat.join("bob")
        try FileManager.default.copyItem(
            atPath: chat.folder.file("bob"),
            toPath: chat.folder.file("laptop")
        )
        try await chat.keyctl(["rotate", "--user", "bob"], home: "laptop")
        let keystore = try Keystore(home: Home(path: chat.folder.file("laptop")))
        let record = try keystore.record(KeyName("bob"))
        try await chat.keyctl(
            ["import", keystore.preparedRevocationPath(record, version: 1)],
            home: "laptop"
        )
        _ = try await chat.join("bob", home: "laptop")
        #expect(await stolen.line(with: "\"code\":\"revoked\"") != nil)
        #expect(await stolen.exit() == 1)
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a removed name is a stranger again`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let alice = try await chat.join("alice")
        try await chat.keyctl(["remove", "bob"], home: "server")
        _ = await alice.line(with: "bob was removed")
        try await requireRefused(
            chat.connect("bob"),
            code: "not-admitted",
            hint: "runs: keyctl import"
        )
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a certificate made for another chat, a server's, an old one, and one of a wrong key`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice"])
        let alice = try chat.unlocked("alice")
        let now = Timestamp.now.seconds
        let id = alice.record.identity.id
        let key = try alice.requireKey(version: 1)
        func keys(
            use: CertificateUse = .client,
            identity: SHA256Digest? = nil,
            chat other: SHA256Digest? = nil,
            version: Int = 1,
            issuer: (any SigningKey)? = nil,
            at time: Int64? = nil
        ) throws -> SessionKeys {
            try SessionKeys(
                use: use,
                identity: identity ?? id,
                chat: other ?? chat.chat(),
                version: version,
                statements: [],
                issuer: issuer ?? key,
                now: time ?? now
            )
        }
        let wrong = [
            (try keys(chat: SHA256Digest(hashing: [1])), ChatError.Code.notAdmitted),
            (try keys(use: .server), .protocolViolation),
            (try keys(version: 2), .notAdmitted),
            (try keys(identity: chat.chat()), .notAdmitted),
            (try keys(issuer: TestKeys.all[0]), .notAdmitted),
            (try keys(at: now - 2 * 86_400), .clock),
            (try keys(at: now + 3_600), .clock),
        ]
        for (certificate, code) in wrong {
            let client = try await RawClient.connect(certificate, port: chat.port)
            client.send(RawClient.hello())
            let frames = await client.untilClose()
            try #require(frames.count == 1)
            #expect(frames[0].refusal.code == code.rawValue)
        }
        // The same client with everything right can log in, so the refusals had the reasons named.
        let client = try await RawClient.connect(keys(), port: chat.port)
        client.send(RawClient.hello())
        let welcome = await client.next { if case .welcome? = $0.kind { true } else { false } }
        #expect(welcome?.welcome.user == "alice")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a resumed TLS session of a revoked key: the server hands out nothing to resume`()
        async throws
    {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try chat.unlocked("bob")
        let keys = try SessionKeys(
            use: .client,
            identity: bob.record.identity.id,
            chat: chat.chat(),
            version: 1,
            statements: [],
            issuer: bob.requireKey(version: 1),
            now: Timestamp.now.seconds
        )
        try chat.folder.write(
            "bob.crt",
            PEM.encode(keys.certificate.certificate.derRepresentation, label: "CERTIFICATE")
        )
        try chat.folder.write(
            "bob.key",
            PEM.encode(keys.tlsKey.derRepresentation().publicBytes, label: "EC PRIVATE KEY")
        )
        let connect =
            "openssl s_client -connect 127.0.0.1:\(chat.port) -cert bob.crt -key bob.key"
            + " -tls1_3 -sess_out session"
        let first = try await Command.shell(
            "\(connect) < /dev/null; test ! -s session",
            folder: chat.folder.path
        )
        #expect(first.status == 0, "a ticket was handed out: \(first.output)")
        #expect(first.output.contains("TLSv1.3"))
        #expect(!first.output.contains("New Session Ticket"))
        // A full handshake of the same session is judged again.
        try await chat.keyctl(["revoke", "bob"], home: "server")
        let again = try await RawClient.connect(keys, port: chat.port)
        again.send(RawClient.hello())
        let frames = await again.untilClose()
        #expect(frames.first?.refusal.code == "revoked")
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `a recording of alice's bytes, played again`() async throws {
        let chat = try await ChatFixture.start(["alice", "bob"])
        let bob = try await chat.join("bob")
        let proxy = try await RecordingProxy.start(to: chat.port)
        let alice = try chat.connect("alice", port: proxy.port)
        _ = await alice.line(with: "\"ready\"")
        alice.send("said once")
        _ = await alice.line(with: "\"ack\"")
        _ = await bob.line(with: "said once")
        alice.endInput()
        #expect(await alice.exit() == 0)
        let recorded = proxy.recording
        #expect(recorded.count > 1_000)
        let thief = try await RawClient.bare(port: chat.port)
        thief.send(bytes: recorded)
        _ = await thief.untilClose()
        bob.send("/who")
        let who = try #require(await bob.line(with: "\"who\""))
        #expect(who.contains("\"online\":[\"bob\"]"))
        bob.endInput()
        _ = await bob.exit()
        #expect(await bob.messages().map(\.text) == ["said once"])
    }

    @Test(.timeLimit(.minutes(2 * Child.slowness)))
    func `junk, half-open and oversize connections cost nobody else anything`() async throws {
        let chat = try await ChatFixture.start(
            ["alice"],
            environment: ["SECURECHAT_UNAUTHENTICATED": "8", "SECURECHAT_LOGIN_SECONDS": "60"]
        )
        let alice = try await chat.join("alice")
        var idle: [RawClient] = []
        for _ in 0..<40 { idle.append(try await RawClient.bare(port: chat.port)) }
        // With more than eight, the oldest is closed.
        _ = await idle[0].untilClose()
        let junk = try await RawClient.bare(port: chat.port)
        junk.send(bytes: [UInt8](repeating: 0x55, count: 4_096))
        _ = await junk.untilClose()
        let keys = try SessionKeys(
            use: .client,
            identity: SHA256Digest(hashing: []),
            chat: chat.chat(),
            version: 1,
            statements: [],
            issuer: TestKeys.all[0],
            now: Timestamp.now.seconds
        )
        let oversize = try await RawClient.connect(keys, port: chat.port)
        oversize.send(bytes: [0x7f, 0xff, 0xff, 0xff])
        #expect(await oversize.untilClose().first?.refusal.code == "oversized")
        let early = try await RawClient.connect(keys, port: chat.port)
        early.send(bytes: FrameCodec.encode(.received(1)))
        #expect(await early.untilClose().first?.refusal.code == "protocol-violation")
        try await requireUndisturbed(alice, "one")
    }
}

/// Passes bytes between a client and a server, and records what the client sent.
final class RecordingProxy: Sendable {
    let port: Int
    private let recorder: Recorder

    private init(port: Int, recorder: Recorder) {
        self.port = port
        self.recorder = recorder
    }

    var recording: [UInt8] { recorder.bytes }

    static func start(to port: Int) async throws -> RecordingProxy {
        let recorder = Recorder()
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { upstream in
                        upstream.eventLoop.makeCompletedFuture {
                            try upstream.pipeline.syncOperations.addHandler(
                                Forwarder(to: client, recorder: nil)
                            )
                        }
                    }
                    .connect(host: "127.0.0.1", port: port)
                    .flatMapThrowing { upstream in
                        try client.pipeline.syncOperations.addHandler(
                            Forwarder(to: upstream, recorder: recorder)
                        )
                    }
                    .flatMap { client.setOption(.autoRead, value: true) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return RecordingProxy(port: listener.localAddress?.port ?? 0, recorder: recorder)
    }
}

private final class Forwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let other: any Channel
    private let recorder: Recorder?

    init(to other: any Channel, recorder: Recorder?) {
        self.other = other
        self.recorder = recorder
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        recorder?.add(Array(buffer.readableBytesView))
        other.writeAndFlush(buffer, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
}
