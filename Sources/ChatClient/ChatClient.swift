internal import ChatProtocol
internal import CryptoCore
internal import Glibc
public import KeyFormats
public import Keystore
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import Registry

/// Where to connect, and whom to believe.
public struct ClientConfiguration: Sendable {
    /// The server's address.
    public var host: String
    /// The server's port.
    public var port: Int
    /// The server's name in one's own registry.
    public var serverName: KeyName
    /// Whether to encrypt only to keys that were imported by hand.
    public var pinnedOnly: Bool

    /// Names a server.
    public init(host: String, port: Int, serverName: KeyName, pinnedOnly: Bool = false) {
        self.host = host
        self.port = port
        self.serverName = serverName
        self.pinnedOnly = pinnedOnly
    }
}

/// One person's client: the shell of socket, files and output around the machine.
public actor ChatClient {
    private static let roomName = RegistryState.room
    private static let fullOutboxCount = 512
    private static let renewSeconds = SessionCertificate.lifetimeSeconds / 2
    /// How long an unreachable server is tried again, in seconds.
    private static let patienceSeconds: Int64 = 600
    private static let firstDelay = Duration.milliseconds(100)

    private let configuration: ClientConfiguration
    private let unlocked: NIOLockedValueBox<UnlockedIdentity>
    private let output: any ClientOutput
    private let group: any EventLoopGroup
    private var keystore: Keystore
    private var machine: ClientMachine?
    private var folder: ClientFolder?
    private var mirror: RegistryMirror?
    private var keys: SessionKeys?
    private var keysMade = Timestamp(seconds: 0)
    private var channel: (any Channel)?
    private var failure: ChatError?
    private var isFinished = false
    private var early: [ClientInput] = []
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Prepares a client for an unlocked identity.
    public init(
        configuration: ClientConfiguration,
        keystore: Keystore,
        unlocked: UnlockedIdentity,
        output: any ClientOutput
    ) {
        self.configuration = configuration
        self.keystore = keystore
        self.unlocked = NIOLockedValueBox(unlocked)
        self.output = output
        group = MultiThreadedEventLoopGroup.singleton
    }

    // MARK: Input

    /// Takes a line or a command; waits while too much is on its way.
    public func take(_ input: ClientInput) async {
        guard !isFinished else { return }
        apply(input)
        while !isFinished, waitingCount >= ChatClient.fullOutboxCount {
            await withCheckedContinuation { waiters.append($0) }
        }
    }

    /// What was said and is not acknowledged yet, or not even handed to a machine.
    private var waitingCount: Int { machine?.pendingCount ?? early.count }

    private func apply(_ input: ClientInput) {
        guard var machine else { return early.append(input) }
        let actions: [ClientAction]
        switch input {
        case .say(let text): actions = machine.say(text)
        case .history(let count): actions = machine.request(.history(count))
        case .who: actions = machine.request(.who)
        case .shutdown: actions = machine.request(.shutdown)
        case .leave: actions = machine.leave()
        case .end: actions = machine.end()
        }
        self.machine = machine
        perform(actions)
    }

    // MARK: The connection

    /// Connects and stays connected until the session is over; throws `ChatError` where the
    /// server refuses, is not the pinned one, or cannot be reached in the first place.
    public func run() async throws {
        defer { finish() }
        var delay = ChatClient.firstDelay
        var lastSeen: Timestamp?
        while !isFinished {
            do {
                let connection = try await connect()
                let connected = Timestamp.now
                try await converse(connection)
                lastSeen = .now
                // A server that lets us in only to close again is not hurried.
                if Timestamp.now.seconds - connected.seconds > 5 { delay = ChatClient.firstDelay }
            } catch let error as ChatError {
                try check(error, lastSeen)
            }
            lose()
            guard !isFinished else { break }
            output.show(.reconnecting(reason: "the connection to the server was lost"))
            try await Task.sleep(for: delay * Double.random(in: 0.5...1))
            delay = min(delay * 2, .seconds(10))
        }
        if let failure { throw told(failure) }
    }

    /// An unknown user is told the fingerprint, and what exactly to send to whom.
    private func told(_ error: ChatError) -> ChatError {
        guard error.code == .notAdmitted else { return error }
        let record = unlocked.withLockedValue { $0.record }
        let fingerprint = record.identity.latest.fingerprint?.description ?? ""
        return ChatError(
            .notAdmitted,
            "\(error.message): \(record.name), \(fingerprint)",
            hint: "send \(record.name).pub (keyctl export \(record.name)) to the server's admin, "
                + "who compares the fingerprint and runs: keyctl import \(record.name).pub"
        )
    }

    /// A server that was reached before may come back; anything else is final.
    private func check(_ error: ChatError, _ lastSeen: Timestamp?) throws {
        let isPatient = lastSeen.map {
            Timestamp.now.seconds - $0.seconds < ChatClient.patienceSeconds
        }
        guard error.code == .unreachable, isPatient == true else { throw error }
    }

    private func connect() async throws -> Connection {
        while true {
            try keystore.refresh()
            let pin = try ServerPin(
                registry: keystore.registry.state,
                name: configuration.serverName
            )
            guard let chat = pin.chat else {
                throw ChatError.unknownServer(configuration.serverName)
            }
            let keys = try sessionKeys(chat: chat)
            let connection = try await Connection.open(
                host: configuration.host,
                port: configuration.port,
                pin: pin,
                keys: keys,
                group: group
            )
            do {
                let news = connection.verdict.news
                if !news.isEmpty {
                    try followServer(news)
                }
                if machine == nil { try prepare(chat: chat) }
            } catch {
                await connection.discard()
                throw error
            }
            // A pin that was made after a rotation did not know the chat's true id yet.
            guard connection.verdict.chat == chat else {
                machine = nil
                await connection.discard()
                continue
            }
            return connection
        }
    }

    /// Takes in the server's own statements; throws `RegistryError` where its new key is weak.
    private func followServer(_ news: [Statement]) throws {
        var refusal: RegistryError?
        do { refusal = try keystore.follow(news, as: "follow").refusal } catch let error
            as RegistryError
        {
            refusal = error
        }
        // An attacker who computes a weak private key can pass for the server.
        guard let refusal, refusal.code == .weakKey || refusal.code == .tooMuchWork else { return }
        throw refusal
    }

    private func sessionKeys(chat: SHA256Digest) throws -> SessionKeys {
        let now = Timestamp.now
        try followOwnRotation()
        let unlocked = unlocked.withLockedValue { $0 }
        if let keys, keys.certificate.chat == chat,
            keys.certificate.version == unlocked.record.identity.latest.number,
            now.seconds - keysMade.seconds < ChatClient.renewSeconds
        {
            return keys
        }
        let record = unlocked.record
        let made = try SessionKeys(
            use: .client,
            identity: record.identity.id,
            chat: chat,
            version: record.signingVersion(at: now).number,
            statements: [],
            issuer: unlocked.signingKey(at: now),
            now: now.seconds
        )
        keys = made
        keysMade = now
        return made
    }

    /// `keyctl rotate` in another process: the data key stays, so no passphrase is needed.
    private func followOwnRotation() throws {
        let present = unlocked.withLockedValue { $0 }
        guard try keystore.record(present.record.name).chain.count != present.record.chain.count,
            let reopened = try? keystore.reopen(present)
        else { return }
        unlocked.withLockedValue { $0 = reopened }
    }

    private func converse(_ connection: Connection) async throws {
        guard let keys else { return }
        try await connection.channel.executeThenClose { inbound, _ in
            channel = connection.channel.channel
            let renewal = connection.closeLater(
                in: ChatClient.renewSeconds - (Timestamp.now.seconds - keysMade.seconds)
            )
            defer { renewal.cancel() }
            // The machine presents the statements of the identity as it is now.
            machine?.statements = unlocked.withLockedValue { $0.record.chain }
            perform(
                machine?.connected(keys: keys, serverKey: connection.verdict.key) ?? []
            )
            var decoder = FrameDecoder(limit: FrameCodec.limit)
            do {
                for try await buffer in inbound {
                    decoder.receive(buffer.readableBytesView)
                    while let frame = try decoder.next() { receive(frame) }
                    if isFinished { break }
                }
            } catch let error as ChatError {
                throw error
            } catch {
                return  // the connection broke
            }
        }
    }

    private func prepare(chat: SHA256Digest) throws {
        let unlocked = unlocked
        let keystore = keystore
        let record = unlocked.withLockedValue { $0.record }
        let user = record.name
        let folder = try ClientFolder(home: keystore.home, chat: chat, user: user)
        let mirror = try RegistryMirror(path: folder.registryPath)
        machine = ClientMachine(
            setup: ClientMachine.Setup(
                user: user,
                identity: record.identity.id,
                chat: chat,
                serverName: configuration.serverName,
                room: ChatClient.roomName,
                open: { version, label, sealed in
                    let present = unlocked.withLockedValue { $0 }
                    if let key = present.privateKey(version: version) {
                        return try? key.decrypt(sealed, label: label)
                    }
                    // Rotated in another process: its key is there to be opened.
                    guard let reopened = try? keystore.reopen(present),
                        let key = reopened.privateKey(version: version)
                    else { return nil }
                    unlocked.withLockedValue { $0 = reopened }
                    return try? key.decrypt(sealed, label: label)
                }
            ),
            directory: MemberDirectory(
                chat: chat,
                room: ChatClient.roomName,
                mirror: mirror.registry.state,
                tree: mirror.registry.tree,
                pins: keystore.registry.state,
                pinnedOnly: configuration.pinnedOnly
            ),
            position: folder.position()
        )
        self.folder = folder
        self.mirror = mirror
        // What was typed before there was a machine comes first, and leaving waits for it.
        let typed = early
        early = []
        for input in typed { apply(input == .leave ? .end : input) }
    }

    private func receive(_ frame: WireFrame) {
        let before = machine?.position
        perform(machine?.receive(frame) ?? [])
        guard let position = machine?.position, position != before, before != nil else { return }
        // Shown first, remembered then: a kill between the two shows it again, never loses it.
        folder?.save(position)
        perform([.send(.received(position.seq))])
    }

    private func perform(_ actions: [ClientAction]) {
        var frames = ByteBuffer()
        for action in actions {
            switch action {
            case .send(let frame): frames.writeBytes(FrameCodec.encode(frame))
            case .show(let event): output.show(event)
            case .keepRegistry(let count, let statements, let note):
                keep(statements, after: count, note: note)
            case .finish(let error):
                failure = error
                isFinished = true
            }
        }
        if frames.readableBytes > 0 { channel?.writeAndFlush(frames, promise: nil) }
        if isFinished { channel?.close(promise: nil) }
        if isFinished || waitingCount < ChatClient.fullOutboxCount / 2 { wake() }
    }

    private func keep(_ statements: [Statement], after count: Int, note: [UInt8]) {
        do {
            let lock = try keystore.home.lock()
            // Another client of the same home may have kept some of them already; where some are
            // missing, the next login fetches them.
            try mirror?.take(statements, after: count, note: note)
            _ = consume lock
        } catch {
            output.show(
                .error(ChatError.cannotKeep((error as? any ReportableError)?.message ?? ""))
            )
        }
    }

    private func lose() {
        channel = nil
        machine?.disconnected()
    }

    private func finish() {
        isFinished = true
        wake()
    }

    private func wake() {
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.resume() }
    }
}

extension ChatError {
    static func cannotKeep(_ why: String) -> ChatError {
        ChatError(
            .configuration,
            "the server's registry could not be stored here: \(why)",
            hint: "see the free space: df -h; no data is lost, the registry is fetched again"
        )
    }
}
