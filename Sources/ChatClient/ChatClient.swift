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
    /// Under which name what was read is remembered; without one, only what is said while it is
    /// connected is shown, and nothing is marked as read.
    public var reader: String?
    /// Whether somebody can be asked before what was typed is encrypted to a newcomer.
    public var isAttended: Bool
    /// Whether a server that was never reached is tried again, without end.
    public var waitsForServer: Bool
    /// Whether a lost connection is made again without end; otherwise for ten minutes.
    public var reconnectsForever: Bool

    /// Names a server.
    public init(
        host: String,
        port: Int,
        serverName: KeyName,
        pinnedOnly: Bool = false,
        reader: String? = nil,
        isAttended: Bool = false,
        waitsForServer: Bool = false,
        reconnectsForever: Bool = false
    ) {
        self.host = host
        self.port = port
        self.serverName = serverName
        self.pinnedOnly = pinnedOnly
        self.reader = reader
        self.isAttended = isAttended
        self.waitsForServer = waitsForServer
        self.reconnectsForever = reconnectsForever
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
    /// How soon a pause between two attempts notices that the session is over.
    private static let pauseStep = Duration.milliseconds(100)

    private let configuration: ClientConfiguration
    private let unlocked: NIOLockedValueBox<UnlockedIdentity>
    private let output: any ClientOutput
    private let group: any EventLoopGroup
    private var keystore: Keystore
    private var machine: ClientMachine?
    private var folder: ChatFolder?
    private var reader: ChatReader?
    private var confirmedSeq: UInt64 = 0
    // Shown, but not remembered yet.
    private var reached: LogPosition?
    private var hasSpoken = false
    // The frame that is being looked at: the evidence, should it show a fork.
    private var presentFrame: WireFrame?
    private var mirror: RegistryMirror?
    private var keys: SessionKeys?
    private var keysMade = Timestamp(seconds: 0)
    private var channel: (any Channel)?
    private var failure: ChatError?
    private var isFinished = false
    /// Whether the input is over: nobody waits for a server that stays away.
    private var isEnding = false
    /// Whether the last attempt to reach the server failed.
    private var isUnreachable = false
    private var hasToldUnacknowledged = false
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
    ///
    /// Returns `false` where the session is over already, and nothing was taken.
    @discardableResult
    public func take(_ input: ClientInput) async -> Bool {
        guard !isFinished else { return false }
        apply(input)
        while !isFinished, waitingCount >= ChatClient.fullOutboxCount {
            await withCheckedContinuation { waiters.append($0) }
        }
        return true
    }

    /// The names of the room's members, sorted; none before the first login.
    public var memberNames: [String] { machine?.memberNames ?? [] }

    /// What was said and is not acknowledged yet, or not even handed to a machine.
    private var waitingCount: Int { machine?.pendingCount ?? early.count }

    private func apply(_ input: ClientInput) {
        if input == .end || input == .leave { isEnding = true }
        guard machine != nil else {
            // There is nothing to leave, and perhaps never will be.
            if input == .leave, isUnreachable {
                return perform([.show(.bye(reason: "you left")), .finish(nil)])
            }
            return early.append(input)
        }
        followPins()
        guard var machine, !isFinished else { return }
        let actions: [ClientAction]
        switch input {
        case .say(let text, let reference): actions = machine.say(text, reference: reference)
        case .history(let count): actions = machine.request(.history(count))
        case .who: actions = machine.request(.who)
        case .shutdown: actions = machine.request(.shutdown)
        case .proceed: actions = machine.proceed()
        case .leave: actions = machine.leave()
        case .end: actions = machine.end()
        }
        self.machine = machine
        perform(actions)
    }

    // MARK: The connection

    /// Connects and stays connected until the session is over; throws `ChatError` where the
    /// server refuses, is not the pinned one, or cannot be reached in the first place.
    ///
    /// However it ends, the output is told how many messages were not acknowledged.
    public func run() async throws {
        defer {
            finish()
            tellUnacknowledged()
        }
        try await stayConnected()
    }

    private func stayConnected() async throws {
        var delay = ChatClient.firstDelay
        var lastSeen: Timestamp?
        var isLossTold = false
        while !isFinished {
            do {
                let connection = try await connect()
                guard !isFinished else {
                    await connection.discard()
                    break
                }
                let connected = Timestamp.now
                isUnreachable = false
                isLossTold = false
                try await converse(connection)
                lastSeen = .now
                // A server that lets us in only to close again is not hurried.
                if Timestamp.now.seconds - connected.seconds > 5 { delay = ChatClient.firstDelay }
            } catch let error as ChatError {
                try check(error, lastSeen)
                if lastSeen == nil { tellLoss(error.message, &isLossTold) }
                isUnreachable = true
            }
            lose()
            guard !isFinished else { break }
            tellLoss("the connection to the server was lost", &isLossTold)
            try await pause(delay * Double.random(in: 0.5...1))
            delay = min(delay * 2, .seconds(10))
        }
        if let failure { throw told(failure) }
    }

    /// One line for each loss, however many attempts follow it.
    private func tellLoss(_ reason: String, _ isTold: inout Bool) {
        if !isTold { output.show(.reconnecting(reason: reason)) }
        isTold = true
    }

    private func pause(_ delay: Duration) async throws {
        let end = ContinuousClock.now + delay
        while !isFinished, ContinuousClock.now < end {
            try await Task.sleep(for: min(ChatClient.pauseStep, end - ContinuousClock.now))
        }
    }

    /// Tells once, before the end of the session is told, what may have reached nobody.
    private func tellUnacknowledged() {
        let count =
            machine?.pendingCount ?? early.count { if case .say = $0 { true } else { false } }
        guard count > 0, !hasToldUnacknowledged else { return }
        hasToldUnacknowledged = true
        output.show(.error(ChatError.unacknowledged(count)))
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

    /// A server that was reached before may come back, and so may one that is waited for; anything
    /// else is final.
    private func check(_ error: ChatError, _ lastSeen: Timestamp?) throws {
        let isPatient =
            if let lastSeen {
                configuration.reconnectsForever && !isEnding
                    || Timestamp.now.seconds - lastSeen.seconds < ChatClient.patienceSeconds
            } else {
                configuration.waitsForServer
            }
        guard error.code == .unreachable, isPatient else { throw error }
    }

    private func connect() async throws -> Connection {
        // A pin that was made after a rotation does not know the chat's true id yet: the server's
        // own statements tell it, and the second connection is made for it.
        var known: SHA256Digest?
        while true {
            try keystore.refresh()
            let pin = try ServerPin(
                registry: keystore.registry.state,
                name: configuration.serverName
            )
            guard let chat = known ?? pin.chat else {
                throw ChatError.unknownServer(configuration.serverName)
            }
            try ChatFolder(home: keystore.home, chat: chat)
                .requireNoFork(configuration.serverName)
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
                if !news.isEmpty { try followServer(news) }
                guard connection.verdict.chat == chat else {
                    guard known == nil else { throw ChatError.changingServer }
                    known = connection.verdict.chat
                    await connection.discard()
                    continue
                }
                if machine == nil { try prepare(chat: chat) }
            } catch {
                await connection.discard()
                throw error
            }
            return connection
        }
    }

    /// Takes up what one's own registry says by now: `keyctl revoke bob` in another process counts
    /// from the next message on.
    private func followPins() {
        do {
            guard try keystore.refresh(), var machine else { return }
            let actions = machine.follow(keystore.registry.state)
            self.machine = machine
            perform(actions)
        } catch {
            // One's own registry cannot be read: nobody may be trusted by what it said before.
            perform([.finish(ChatError.ownRegistry((error as? any ReportableError)?.message))])
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
            hasSpoken = false
            let deadline = connection.closeLater(in: ClientLimits.welcomeSeconds)
            defer { deadline.cancel() }
            // The machine presents the statements of the identity as it is now.
            let record = unlocked.withLockedValue { $0.record }
            machine?.statements = record.chain
            machine?.own = record.identity
            perform(
                machine?.connected(keys: keys, serverKey: connection.verdict.key) ?? []
            )
            var decoder = FrameDecoder(limit: FrameCodec.limit)
            do {
                for try await buffer in inbound {
                    decoder.receive(buffer.readableBytesView)
                    while let frame = try decoder.next() {
                        await receive(frame)
                        if hasSpoken { deadline.cancel() }
                    }
                    if isFinished { break }
                }
            } catch let error as ChatError {
                throw error
            } catch {
                // The connection broke.
            }
            guard hasSpoken || isFinished else {
                throw ChatError.unreachable(
                    "\(configuration.host):\(configuration.port)",
                    "it closed the connection, or said nothing, before the login was complete"
                )
            }
        }
    }

    private func prepare(chat: SHA256Digest) throws {
        let unlocked = unlocked
        let keystore = keystore
        let record = unlocked.withLockedValue { $0.record }
        let user = record.name
        let folder = ChatFolder(home: keystore.home, chat: chat)
        try folder.prepare()
        let reader = try configuration.reader.map {
            try ChatReader($0, of: user, in: folder.path)
        }
        if reader?.isOwner == false, let name = configuration.reader {
            output.show(.error(ChatError.readerInUse(name)))
        }
        let mirror = try RegistryMirror(path: folder.registryPath)
        machine = ClientMachine(
            setup: ClientMachine.Setup(
                user: user,
                identity: record.identity.id,
                chat: chat,
                serverName: configuration.serverName,
                room: ChatClient.roomName,
                asksBeforeNewReaders: configuration.isAttended,
                beginsAtHead: reader == nil,
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
            own: record.identity,
            directory: MemberDirectory(
                chat: chat,
                room: ChatClient.roomName,
                mirror: mirror.registry.state,
                tree: mirror.registry.tree,
                pins: keystore.registry.state,
                pinnedOnly: configuration.pinnedOnly
            ),
            told: reader?.view,
            position: reader?.place
        )
        self.folder = folder
        self.reader = reader
        self.mirror = mirror
        // What was typed before there was a machine comes first, and leaving waits for it.
        let typed = early
        early = []
        for input in typed { apply(input == .leave ? .end : input) }
    }

    private func receive(_ frame: WireFrame) async {
        followPins()
        // Somebody who asks and does not read gets no more answers.
        if case .ping? = frame.kind, channel?.isWritable == false { return }
        switch frame.kind {
        case .ping?, .pong?: break
        default: hasSpoken = true
        }
        presentFrame = frame
        perform(machine?.receive(frame) ?? [])
        presentFrame = nil
        await output.flush()
        // Shown first, remembered then: a kill between the two shows the frame's messages again.
        remember()
    }

    private func perform(_ actions: [ClientAction]) {
        var frames = ByteBuffer()
        for action in actions {
            switch action {
            case .send(let frame): frames.writeBytes(FrameCodec.encode(frame))
            case .show(let event):
                if case .bye = event { tellUnacknowledged() }
                output.show(event)
            case .reached(let place): reached = place
            case .keepView(let view): keep(view)
            case .keepRegistry(let count, let statements, let note):
                keep(statements, after: count, note: note)
            case .finish(let error):
                if let error, error.code == .fork { keepFork(error) }
                failure = error
                isFinished = true
            }
        }
        if frames.readableBytes > 0 { channel?.writeAndFlush(frames, promise: nil) }
        if isFinished { channel?.close(promise: nil) }
        if isFinished || waitingCount < ChatClient.fullOutboxCount / 2 { wake() }
    }

    private func remember() {
        guard let place = reached, let reader else { return }
        reached = nil
        reader.save(place)
        let seq = reader.confirmed(place.seq, at: .now)
        guard seq > confirmedSeq else { return }
        confirmedSeq = seq
        perform([.send(.received(seq))])
    }

    private func keep(_ statements: [Statement], after count: Int, note: [UInt8]) {
        do {
            let lock = try keystore.home.lock()
            // Another client of the same home may have kept some of them already; where some are
            // missing, the next login fetches them.
            try mirror?.take(statements, after: count, note: note)
            _ = consume lock
        } catch let error as RegistryError where error.code == .forkedLog {
            perform([.finish(ChatError.shownTwice(error.message))])
        } catch {
            output.show(.error(ChatError.cannotKeep(ChatClient.text(error))))
        }
    }

    private func keep(_ view: RoomView) {
        do { try reader?.save(view) } catch {
            output.show(.error(ChatError.cannotKeep(ChatClient.text(error))))
        }
    }

    private func keepFork(_ error: ChatError) {
        do {
            try folder?.keep(
                ForkRecord(
                    time: .now,
                    server: configuration.serverName,
                    message: error.message,
                    position: machine?.position,
                    frame: presentFrame.map { FrameCodec.encode($0) } ?? []
                )
            )
        } catch {
            output.show(.error(ChatError.cannotKeep(ChatClient.text(error))))
        }
    }

    private static func text(_ error: any Error) -> String {
        (error as? any ReportableError)?.message ?? "\(error)"
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
