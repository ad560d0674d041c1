import ChatProtocol
import CryptoCore
import KeyFormats
import NIOCore
import Registry
import TestSupport

@testable import ChatServer

/// A member's session and its machine on the server, joined without a socket.
struct EngineClient {
    let port: RecordedPort
    private var machine = SessionMachine(from: AddressPrefix(packed: [127, 0, 0, 1]))
    private(set) var session: Session
    /// What the member was shown.
    private(set) var shown: [ClientEvent] = []
    /// Why the session ended.
    private(set) var failure: ChatError?
    /// Whether the server closed the connection.
    private(set) var isClosed = false
    private var isRefused = false
    private var decoder = FrameDecoder(limit: FrameCodec.limit)
    private var headSeq: UInt64 = 0

    init(
        _ name: String,
        key: RSAPrivateKey,
        server: PublicKey,
        port: RecordedPort
    ) throws {
        self.port = port
        let id = try PublicKey(key.publicKey).identityID
        session = Session(
            setup: SessionSetup(
                user: try KeyName(name),
                identity: id,
                chat: server.identityID,
                serverName: try KeyName("server"),
                room: "lobby",
                beginsAtHead: true,
                open: { _, label, sealed in try? key.decrypt(sealed, label: label) }
            ),
            directory: MemberDirectory(
                chat: server.identityID,
                mirror: RegistryState(),
                tree: MerkleTree(),
                pins: RegistryState(),
                pinnedOnly: false
            ),
            told: nil,
            position: nil
        )
    }

    /// Makes the connection; returns what goes to the writer.
    mutating func connect(
        _ keys: SessionKeys,
        own: RegisteredIdentity,
        server: PublicKey
    ) -> [EngineEvent] {
        let certificate = keys.certificate.certificate.derRepresentation
        _ = machine.handshakeCompleted(certificate: certificate)
        return perform(
            session.connected(
                keys: keys,
                own: OwnIdentity(identity: own, statements: []),
                serverKey: server
            )
        )
    }

    mutating func say(_ text: String) -> [EngineEvent] { perform(session.say(text, at: .now)) }

    mutating func request(_ request: ClientRequest) -> [EngineEvent] {
        perform(session.request(request))
    }

    /// Tells the server how far everything was read.
    mutating func confirm() -> [EngineEvent] {
        perform([.send(.received(session.position?.seq ?? 0))])
    }

    /// The connection breaks.
    mutating func hangUp() -> [EngineEvent] { perform(machine.end()) }

    // MARK: The server's side

    mutating func follow(_ order: SessionOrder) -> [EngineEvent] {
        if case .admit(_, _, let head, _) = order { headSeq = max(headSeq, head) }
        return perform(machine.follow(order, head: headSeq)) + goOn()
    }

    mutating func deliver(
        _ stretch: ByteBuffer,
        from first: UInt64,
        to last: UInt64
    ) -> [EngineEvent] {
        headSeq = last
        switch machine.deliver(from: first, head: last) {
        case .send: return receive(stretch)
        case .fallBehind, .skip: return goOn()
        }
    }

    mutating func announce(_ frame: ByteBuffer, after seq: UInt64) -> [EngineEvent] {
        perform(machine.announce(frame, after: seq))
    }

    private mutating func goOn() -> [EngineEvent] {
        var events = perform(machine.askForMore())
        while let actions = machine.nextFrame(at: .now()) { events += perform(actions) }
        return events
    }

    private mutating func perform(_ actions: [SessionAction]) -> [EngineEvent] {
        var events: [EngineEvent] = []
        for action in actions {
            switch action {
            case .send(let frames): events += receive(frames)
            case .publish(let publish): events.append(.publish(port, publish))
            case .receive(let seq): events.append(.received(port, seq: seq))
            case .ask(let request): events.append(.ask(port, request))
            case .refuse: events += perform(machine.refusalIsDue())
            case .end: events.append(.ask(port, .left))
            case .close, .abort: isClosed = true
            case .judge, .admit, .read: break
            }
        }
        return events
    }

    // MARK: The member's side

    private mutating func receive(_ frames: ByteBuffer) -> [EngineEvent] {
        decoder.receive(frames.readableBytesView)
        var events: [EngineEvent] = []
        while let frame = try? decoder.next() {
            events += perform(session.receive(frame, at: .now))
        }
        return events
    }

    private mutating func perform(_ actions: [ClientAction]) -> [EngineEvent] {
        var events: [EngineEvent] = []
        for action in actions {
            switch action {
            case .send(let frame):
                let bytes = ByteBuffer(bytes: FrameCodec.encode(frame))
                events += perform(machine.receive(bytes.readableBytesView)) + goOn()
            case .show(let event): shown.append(event)
            case .finish(let error): failure = error
            case .keepRegistry, .reached, .keepView: break
            }
        }
        return events
    }
}
