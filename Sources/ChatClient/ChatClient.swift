internal import ChatProtocol
internal import CryptoCore
internal import Failures
internal import Glibc
internal import KeyFormats
public import Keystore
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import Registry

/// A user's connection to one chat: the socket, files, output and clock around a `Session`.
///
/// The command creates one and calls `run` in one task. The task that reads the input calls `take`.
public actor ChatClient {
    static let roomName = RegistryState.room
    static let fullOutboxCount = 512
    static let renewSeconds = SessionCertificate.lifetimeSeconds / 2
    /// How long the client tries again after it lost a server, in seconds.
    static let patienceSeconds: Int64 = 600
    static let firstDelay = Duration.milliseconds(100)
    /// The interval at which a pause between two attempts checks whether the session is over.
    static let pauseStep = Duration.milliseconds(100)

    let configuration: ClientConfiguration
    let unlocked: NIOLockedValueBox<UnlockedIdentity>
    let output: any ClientOutput
    let group: any EventLoopGroup
    var keystore: Keystore
    // The number of lines of the user's own registry that the session has.
    var followedCount = 0
    var session: Session?
    var folder: ChatFolder?
    var reader: ChatReader?
    var confirmedSeq: UInt64 = 0
    // The last position that was shown and is not stored yet.
    var reached: LogPosition?
    var pendingView: RoomView?
    // The frame that the session processes now. It is the evidence if it proves a fork.
    var presentFrame: WireFrame?
    var mirror: RegistryMirror?
    var keys: SessionKeys?
    var keysMade = Timestamp(seconds: 0)
    var channel: (any Channel)?
    var failure: ChatError?
    var isFinished = false
    /// Whether the input has ended; then the client does not wait for a lost server without end.
    var isEnding = false
    /// Whether the last attempt to reach the server failed.
    var isUnreachable = false
    var hasToldUnacknowledged = false
    // Whether a server admitted this client at least once. Before that, no message can have been
    // sent.
    var wasAdmitted = false
    var early: [ClientInput] = []
    var waiters: [CheckedContinuation<Void, Never>] = []

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

    /// Takes an input, as soon as few enough messages wait; returns `false` if the session is over.
    @discardableResult
    public func take(_ input: ClientInput) async -> Bool {
        guard !isFinished else { return false }
        apply(input)
        if isFinished || pendingView != nil { await settle() }
        while !isFinished, waitingCount >= ChatClient.fullOutboxCount {
            await withCheckedContinuation { waiters.append($0) }
        }
        return true
    }

    /// The names of the room's members, sorted; empty before the first login.
    public var memberNames: [String] { session?.memberNames ?? [] }

    /// Whether the server admitted this client on the present connection.
    var isAdmitted: Bool { session?.isAdmitted ?? false }

    /// The number of messages that are not acknowledged; before the session exists, the number of
    /// inputs.
    var waitingCount: Int { session?.pendingCount ?? early.count }

    func apply(_ input: ClientInput) {
        if input == .end || input == .leave { isEnding = true }
        guard session != nil else {
            // There is no session to leave, and the server may never answer.
            if input == .leave, isUnreachable {
                return perform([.show(.bye(reason: "you left")), .finish(nil)])
            }
            return early.append(input)
        }
        followPins()
        guard !isFinished else { return }
        session?.writabilityChanged(to: channel?.isWritable ?? true)
        // The session is changed in place, because a copy would also copy its stored state.
        let actions: [ClientAction]? =
            switch input {
            case .say(let text, let reference):
                session?.say(text, reference: reference, at: .now)
            case .history(let count): session?.request(.history(count))
            case .who: session?.request(.who)
            case .shutdown: session?.request(.shutdown)
            case .reload: session?.request(.reload)
            case .proceed: session?.proceed(at: .now)
            case .leave: session?.leave()
            case .end: session?.end()
            }
        perform(actions ?? [])
    }

    // MARK: The connection

    /// Connects, and connects again after a loss, until the session is over.
    ///
    /// Throws `ChatError` if the server refuses the login, is not the pinned server, or cannot be
    /// reached. Before it returns or throws, the output shows how many messages were not
    /// acknowledged.
    public func run() async throws {
        defer {
            finish()
            tellUnacknowledged()
        }
        try await stayConnected()
    }

    func stayConnected() async throws {
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
                // The delay keeps growing if the server closes each connection within five seconds.
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

    /// Shows one line for each loss of the connection, and none for the attempts after it.
    func tellLoss(_ reason: String, _ isTold: inout Bool) {
        if !isTold { output.show(.reconnecting(reason: reason)) }
        isTold = true
    }

    func pause(_ delay: Duration) async throws {
        let end = ContinuousClock.now + delay
        while !isFinished, ContinuousClock.now < end {
            try await Task.sleep(for: min(ChatClient.pauseStep, end - ContinuousClock.now))
        }
    }

    /// Shows, once, the number of messages that the server did not acknowledge.
    func tellUnacknowledged() {
        let count =
            session?.pendingCount ?? early.count { if case .say = $0 { true } else { false } }
        guard count > 0, !hasToldUnacknowledged else { return }
        hasToldUnacknowledged = true
        output.show(.error(wasAdmitted ? .unacknowledged(count) : .unsent(count)))
    }

    /// Adds the user's fingerprint and the commands for user and admin to the error for an unknown
    /// key.
    func told(_ error: ChatError) -> ChatError {
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

    /// Throws `error` unless the server is unreachable and the options allow another attempt.
    func check(_ error: ChatError, _ lastSeen: Timestamp?) throws {
        let isPatient =
            if let lastSeen {
                configuration.reconnectsForever && !isEnding
                    || Timestamp.now.seconds - lastSeen.seconds < ChatClient.patienceSeconds
            } else {
                configuration.waitsForServer
            }
        guard error.code == .unreachable, isPatient else { throw error }
    }

    func receive(_ frame: WireFrame) {
        followPins()
        guard !isFinished else { return }
        // A server that sends pings and does not read gets no more answers.
        if case .ping? = frame.kind, channel?.isWritable == false { return }
        presentFrame = frame
        session?.writabilityChanged(to: channel?.isWritable ?? false)
        perform(session?.receive(frame, at: .now) ?? [])
        if isAdmitted { wasAdmitted = true }
        presentFrame = nil
    }

    /// Waits until the output has shown everything, then stores and confirms the position.
    ///
    /// In this order, a killed process shows the last messages again, and loses none.
    func settle() async {
        await output.flush()
        remember()
        if isFinished { channel?.close(promise: nil) }
    }

    /// Sends what waited, after the channel became writable again.
    func becameWritable() async {
        guard !isFinished else { return }
        // The newest registry must decide about the recipients of the waiting messages.
        followPins()
        guard !isFinished else { return }
        perform(session?.resume(at: .now) ?? [])
        await settle()
    }

    func perform(_ actions: [ClientAction]) {
        var frames = ByteBuffer()
        for action in actions {
            // After an error, frames that were prepared before it are not sent.
            guard failure == nil else {
                frames.clear()
                break
            }
            switch action {
            case .send(let frame): frames.writeBytes(FrameCodec.encode(frame))
            case .show(let event):
                if case .bye = event { tellUnacknowledged() }
                output.show(event)
            case .reached(let place): reached = place
            case .keepView(let view): pendingView = view
            case .keepRegistry(let count, let statements, let note):
                keep(statements, after: count, note: note)
            case .finish(let error): end(error)
            }
        }
        if frames.readableBytes > 0 { channel?.writeAndFlush(frames, promise: nil) }
        if isFinished || waitingCount < ChatClient.fullOutboxCount / 2 { wake() }
    }

    /// Ends the session; an error closes the channel at once, and the first error is kept.
    func end(_ error: ChatError?) {
        guard !isFinished else { return }
        if let error, error.code == .fork { keepFork(error) }
        failure = error
        isFinished = true
        session?.stop()
        if error != nil { channel?.close(promise: nil) }
    }

    func lose() {
        channel = nil
        session?.disconnected()
    }

    func finish() {
        isFinished = true
        wake()
    }

    func wake() {
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.resume() }
    }
}
