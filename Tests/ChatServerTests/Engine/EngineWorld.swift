import ChatProtocol
import CryptoCore
import KeyFormats
import Keystore
import Logging
import Registry
import Synchronization
import TestSupport
import Testing

@testable import ChatServer

/// A server's engine with clients, joined without a socket: a home, a store, and values.
final class EngineWorld {
    private let folder: TemporaryFolder
    private let recorder = EngineRecorder()
    private let serverKey: PublicKey
    private var lastID: UInt64 = 0
    private(set) var engine: Engine
    let store: FaultyStore
    let mailbox = Mailbox()
    /// The home, as an admin's `keyctl` has it.
    private var keystore: Keystore
    private var clients: [String: EngineClient] = [:]
    /// Whether the engine goes on.
    private(set) var isRunning = true

    /// A server that knows these people, with one key of the tests each.
    init(_ names: String..., admins: [String] = []) throws {
        folder = try TemporaryFolder()
        let key = TestKeys.all[5]
        serverKey = try PublicKey(key.publicKey)
        keystore = try Keystore(home: Home(path: folder.file("home")))
        let record = try keystore.create(
            KeyName("server"),
            key: key,
            isServer: true,
            protection: .none
        )
        _ = try keystore.changeRegistry("register") { _ in
            try names.enumerated().map { index, name in
                Statement(
                    .register(
                        name: try KeyName(name),
                        key: try TestKeys.all[index].publicKey.spkiDERRepresentation(),
                        expires: nil
                    ),
                    time: .now
                )
            }
        }
        let identity = try ServerIdentity(keystore.unlock(record, passphrase: nil))
        store = FaultyStore(
            try SQLiteStore(path: folder.file("chat"), room: "lobby", chat: identity.chat)
        )
        var configuration = ServerConfiguration(host: "", port: 0)
        configuration.admins = try admins.map { try KeyName($0) }
        engine = try Engine(
            configuration: configuration,
            identity: identity,
            keystore: keystore,
            store: store,
            loops: [recorder],
            gate: ConnectionGate(limits: configuration.limits),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            reopen: { try $0.unlock(record, passphrase: nil) },
            askForSettings: { [mailbox] in mailbox.post(.keepSettings("no file")) }
        )
    }

    func client(_ name: String) throws -> EngineClient { try #require(clients[name]) }

    /// Connects somebody with one of the keys of the tests, and logs in.
    func connect(_ name: String, _ index: Int, as label: String? = nil) throws {
        lastID += 1
        let key = TestKeys.all[index]
        let port = RecordedPort(id: lastID, recorder: recorder)
        var client = try EngineClient(name, key: key, server: serverKey, port: port)
        let keys = try SessionKeys(
            use: .client,
            identity: try PublicKey(key.publicKey).identityID,
            chat: serverKey.identityID,
            version: 1,
            statements: [],
            issuer: key,
            now: Timestamp.now.seconds
        )
        var alone = RegistryState()
        let act = Statement.Act.register(
            name: try KeyName(name),
            key: try key.publicKey.spkiDERRepresentation(),
            expires: nil
        )
        try alone.apply(Statement(act, time: .now))
        let own = try #require(alone.identity(KeyName(name)))
        let events = client.connect(keys, own: own, server: serverKey)
        clients[label ?? name] = client
        process(events)
    }

    /// Lets a client do something, and everything that follows from it.
    func with(_ name: String, _ body: (inout EngineClient) -> [EngineEvent]) throws {
        var client = try client(name)
        let events = body(&client)
        clients[name] = client
        process(events)
    }

    /// The admin changes the registry; the engine looks.
    func change(_ act: Statement.Act) throws {
        _ = try keystore.changeRegistry("change") { _ in [Statement(act, time: .now)] }
        process([.reload])
    }

    /// Hands events to the engine, and what it tells to the clients, until nothing moves.
    func process(_ events: [EngineEvent]) {
        var waiting = events
        while isRunning, !waiting.isEmpty {
            isRunning = engine.process(waiting[...], mailbox)
            waiting = []
            for told in recorder.take() {
                switch told {
                case .order(let id, let order): change(id) { waiting += $0.follow(order) }
                case .entries(let frames, let first, let last):
                    change(nil) { waiting += $0.deliver(frames, from: first, to: last) }
                case .registry(let frame, let seq):
                    change(nil) { waiting += $0.announce(frame, after: seq) }
                }
            }
        }
    }

    private func change(_ id: UInt64?, _ body: (inout EngineClient) -> Void) {
        for (name, var client) in clients where id == nil || client.port.id == id {
            body(&client)
            clients[name] = client
        }
    }
}
