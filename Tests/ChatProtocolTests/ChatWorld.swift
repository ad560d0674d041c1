import ChatProtocol
import CryptoCore
import FoundationEssentials
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport
import Testing

/// A server's registry and room, joined to clients by direct calls, at one moment.
struct ChatWorld {
    /// When everything happens.
    static let now = Timestamp(seconds: 1_790_000_000)

    var registry = RegistryState()
    var lines: [Statement] = []
    var room: ServerRoom
    /// All entries of the room, from the first.
    private(set) var entries: [WireEntry] = []
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

    /// A world whose server knows these people, with one key of the tests each.
    static func of(_ names: String...) throws -> ChatWorld {
        var world = try ChatWorld()
        for (index, name) in names.enumerated() { try world.register(name, index) }
        return world
    }

    /// Registers a name with a key of the tests.
    mutating func register(_ name: String, _ index: Int, expires: Timestamp? = nil) throws {
        let key = try TestKeys.all[index].publicKey.spkiDERRepresentation()
        try add(.register(name: try KeyName(name), key: key, expires: expires))
    }

    mutating func add(_ act: Statement.Act) throws { try add(Statement(act, time: ChatWorld.now)) }

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

    /// The place before the first entry.
    var beginning: LogPosition { .beginning(chat: chat, room: "lobby") }

    /// Everything from the first entry on.
    var missed: WireFrame {
        .with {
            $0.entries.previous = beginning.hash.data
            $0.entries.entries = entries
        }
    }

    /// The server makes an entry that changes nothing.
    mutating func tell() {
        let event = WireEventContent.with { $0.what = "role" }
        entries.append(room.append(event: event, changesMembership: false, at: 0).entry)
    }

    mutating func publish(
        _ frame: WireFrame,
        _ session: SHA256Digest
    ) throws -> WireFrame {
        let before = room.head
        let claim = try room.claim(frame.publish, from: session)
        let (entry, _) = try room.append(claim, from: session, at: ChatWorld.now.seconds * 1000)
        entries.append(entry)
        return .with {
            $0.entries.previous = before.hash.data
            $0.entries.entries = [entry]
        }
    }

    /// What a listener makes of a text when a speaker says it, and the server takes it.
    mutating func carry(
        _ text: String,
        from speaker: inout ChatPerson,
        to listener: inout ChatPerson
    ) throws -> [ClientAction] {
        var actions: [ClientAction] = []
        for frame in speaker.say(text).frames {
            let entries = try publish(frame, speaker.keys.certificate.session)
            _ = speaker.receive(entries)
            actions += listener.receive(entries)
        }
        return actions
    }
}
