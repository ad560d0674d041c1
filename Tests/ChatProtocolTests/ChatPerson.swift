import ChatProtocol
import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

/// A person's session, connected to a world's server and not let in yet.
struct ChatPerson {
    var session: Session
    let keys: SessionKeys
    /// The person, as the own keystore has it; statements come from the test.
    let identity: RegisteredIdentity

    init(
        _ name: String,
        _ index: Int,
        _ world: ChatWorld,
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
            now: ChatWorld.now.seconds
        )
        var alone = RegistryState()
        let own = Statement.Act.register(
            name: try KeyName(name),
            key: try key.publicKey.spkiDERRepresentation(),
            expires: nil
        )
        try alone.apply(Statement(own, time: ChatWorld.now))
        identity = try #require(alone.identity(KeyName(name)))
        session = Session(
            setup: SessionSetup(
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
            directory: MemberDirectory(
                chat: world.chat,
                mirror: RegistryState(),
                tree: MerkleTree(),
                pins: RegistryState(),
                pinnedOnly: false
            ),
            told: nil,
            position: nil
        )
        _ = connect(world)
    }

    /// Makes a connection to the world's server.
    mutating func connect(_ world: ChatWorld, _ statements: [Statement] = []) -> [ClientAction] {
        session.connected(
            keys: keys,
            own: OwnIdentity(identity: identity, statements: statements),
            serverKey: world.serverKey
        )
    }

    /// Takes frames of the server.
    mutating func receive(_ frames: WireFrame...) -> [ClientAction] {
        frames.flatMap { session.receive($0, at: ChatWorld.now) }
    }

    /// Says something.
    mutating func say(_ text: String, reference: String? = nil) -> [ClientAction] {
        session.say(text, reference: reference, at: ChatWorld.now)
    }

    /// Lets the person in: the registry, and then the welcome.
    mutating func logIn(_ world: ChatWorld, at start: LogPosition? = nil) throws {
        let actions = receive(try world.update(), world.welcome(at: start))
        #expect(!actions.isEnd)
    }
}
