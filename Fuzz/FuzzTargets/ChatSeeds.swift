internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import SwiftProtobuf

@testable import ChatProtocol
@testable import Registry

/// Makes alice's client, and the frames of a server when bob sends a message.
enum ChatSeeds {
    private static let chat = FuzzWorld.shared.ownerKey.identityID
    private static let time = FuzzWorld.start.seconds * 1000
    /// The session of alice, who listens.
    ///
    /// It is the same in every run.
    private static let listenerKeys: SessionKeys? = try? keys(.client, FuzzKeys.alice, [])

    /// Makes the keys and the certificate of a session that begins at the world's start time.
    static func keys(
        _ use: CertificateUse,
        _ issuer: RSAPrivateKey,
        _ statements: [Statement]
    ) throws -> SessionKeys {
        try SessionKeys(
            use: use,
            identity: PublicKey(issuer.publicKey).identityID,
            chat: FuzzWorld.shared.ownerKey.identityID,
            version: 1,
            statements: statements,
            issuer: issuer,
            now: FuzzWorld.start.seconds
        )
    }

    /// alice's client, connected and not welcomed yet.
    static func listener() throws -> Session {
        guard let keys = listenerKeys else { throw FuzzFault(message: "no session") }
        return try session("alice", FuzzKeys.alice, keys)
    }

    private static func session(
        _ name: String,
        _ key: RSAPrivateKey,
        _ keys: SessionKeys
    ) throws -> Session {
        var registry = RegistryState()
        let spki = try PublicKey(key.publicKey).spkiDER
        let act = Statement.Act.register(name: try KeyName(name), key: spki, expires: nil)
        try registry.apply(Statement(act, time: FuzzWorld.start))
        guard let own = registry.identity(try KeyName(name)) else {
            throw FuzzFault(message: "nobody")
        }
        var session = Session(
            setup: SessionSetup(
                user: try KeyName(name),
                identity: try PublicKey(key.publicKey).identityID,
                chat: chat,
                serverName: try KeyName("server"),
                room: RegistryState.room,
                open: { _, label, sealed in try? key.decrypt(sealed, label: label) }
            ),
            directory: MemberDirectory(
                chat: chat,
                mirror: RegistryState(),
                tree: MerkleTree(),
                pins: RegistryState(),
                pinnedOnly: false
            ),
            told: nil,
            position: nil
        )
        _ = session.connected(
            keys: keys,
            own: OwnIdentity(identity: own, statements: []),
            serverKey: FuzzWorld.shared.ownerKey
        )
        return session
    }

    /// Returns the registry of the chat: the server, alice and bob.
    private static func registry(_ world: FuzzWorld) throws -> WireFrame {
        let lines = world.statements.prefix(4).map(\.line)
        let note = try FuzzWorld.note(lines)
        return .with {
            $0.registryUpdate.lines = lines.map { Data($0) }
            $0.registryUpdate.checkpoint = Data(note)
        }
    }

    @Sendable static func sessions(_ world: FuzzWorld) throws -> [[UInt8]] {
        let beginning = LogPosition.beginning(chat: chat, room: RegistryState.room)
        var room = ServerRoom(
            chat: chat,
            name: RegistryState.room,
            head: beginning,
            lastMembershipSeq: 0
        )
        let registry = try registry(world)
        let welcome = WireFrame.with {
            $0.welcome.user = "alice"
            $0.welcome.room = RegistryState.room
            $0.welcome.head = beginning.wire
            $0.welcome.start = beginning.wire
            $0.welcome.historyLimit = 100
        }
        let keys = try keys(.client, FuzzKeys.bob, [])
        var bob = try session("bob", FuzzKeys.bob, keys)
        let now = FuzzWorld.start
        _ = bob.receive(registry, at: now) + bob.receive(welcome, at: now)
        let name = keys.certificate.session
        room.enter(name, place: nil)
        var entries: [WireEntry] = []
        for case .send(let frame) in bob.say("hello alice", at: now) {
            let claim = try room.claim(frame.publish, from: name)
            entries.append(try room.append(claim, from: name, at: time).entry)
        }
        let event = WireEventContent.with {
            $0.what = RoomEvent.role.rawValue
            $0.name = "bob"
            $0.identity = name.data
        }
        entries.append(room.append(event: event, changesMembership: true, at: time).entry)
        let stretch = WireFrame.with {
            $0.entries.previous = beginning.hash.data
            $0.entries.entries = entries
        }
        let page = WireFrame.with {
            $0.history.stretch = stretch.entries
            $0.history.last = true
        }
        let who = WireFrame.with { $0.who.online = ["alice", "bob"] }
        return [
            [registry, welcome], [registry, welcome, stretch],
            [registry, welcome, page, who, stretch, .with { $0.ping = .init() }],
            [registry, welcome, .with { $0.bye.code = "restart" }],
        ].map { $0.flatMap(FrameCodec.encode) }
    }
}
