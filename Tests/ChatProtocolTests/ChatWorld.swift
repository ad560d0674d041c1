import ChatProtocol
import CryptoCore
import FoundationEssentials
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport
import Testing

/// A registry, a room and people, joined by direct calls.
struct MachineWorld {
    var registry = RegistryState()
    var lines: [Statement] = []
    var room: ServerRoom
    let chat: SHA256Digest
    let serverKey: PublicKey
    private let server = TestKeys.all[5]

    init() throws {
        serverKey = try PublicKey(server.publicKey)
        chat = serverKey.identityID
        room = ServerRoom(
            chat: chat,
            name: "lobby",
            head: .beginning(chat: chat, room: "lobby"),
            lastMembershipSeq: 0
        )
        let name = try KeyName("server")
        try add(.register(name: name, key: serverKey.spkiDER, expires: nil))
        try add(.assign(name: name, role: .server))
    }

    mutating func add(_ act: Statement.Act) throws { try add(Statement(act, time: .now)) }

    mutating func add(_ statement: Statement) throws {
        try registry.apply(statement)
        lines.append(statement)
    }

    func update(from count: Int = 0, signedBy key: RSAPrivateKey? = nil) throws -> WireFrame {
        var tree = MerkleTree()
        for line in lines { tree.append(line.leafHash) }
        let note = try Checkpoint(owner: chat, tree: tree).note(signedBy: key ?? server)
        return .with {
            $0.registryUpdate.from = UInt64(count)
            $0.registryUpdate.lines = lines.dropFirst(count).map { .init($0.line) }
            $0.registryUpdate.checkpoint = .init(note)
        }
    }

    func welcome(at start: LogPosition? = nil) -> WireFrame {
        .with {
            $0.welcome.room = "lobby"
            $0.welcome.head = room.head.wire
            $0.welcome.start = (start ?? room.head).wire
        }
    }

    mutating func publish(
        _ frame: WireFrame,
        _ session: SHA256Digest
    ) throws -> WireFrame {
        let before = room.head
        let claim = try room.claim(frame.publish, from: session)
        let (entry, _) = try room.append(claim, from: session, at: Timestamp.now.seconds * 1000)
        return .with {
            $0.entries.previous = before.hash.data
            $0.entries.entries = [entry]
        }
    }
}

/// A person's machine, logged in.
struct MachinePerson {
    var machine: ClientMachine
    let keys: SessionKeys

    init(
        _ name: String,
        _ index: Int,
        _ world: MachineWorld,
        asksBeforeNewReaders: Bool = false
    ) throws {
        let key = TestKeys.all[index]
        let id = try PublicKey(key.publicKey).identityID
        keys = try SessionKeys(
            use: .client,
            identity: id,
            chat: world.chat,
            version: 1,
            statements: [],
            issuer: key,
            now: Timestamp.now.seconds
        )
        var alone = RegistryState()
        let own = Statement.Act.register(
            name: try KeyName(name),
            key: try key.publicKey.spkiDERRepresentation(),
            expires: nil
        )
        try alone.apply(Statement(own, time: .now))
        machine = ClientMachine(
            setup: .init(
                user: try KeyName(name),
                identity: id,
                chat: world.chat,
                serverName: try KeyName("server"),
                room: "lobby",
                asksBeforeNewReaders: asksBeforeNewReaders,
                open: { version, label, sealed in
                    version == 1 ? try? key.decrypt(sealed, label: label) : nil
                }
            ),
            own: try #require(alone.identity(KeyName(name))),
            directory: MemberDirectory(
                chat: world.chat,
                room: "lobby",
                mirror: RegistryState(),
                tree: MerkleTree(),
                pins: RegistryState(),
                pinnedOnly: false
            ),
            told: nil,
            position: nil
        )
        _ = machine.connected(keys: keys, serverKey: world.serverKey)
    }
}
