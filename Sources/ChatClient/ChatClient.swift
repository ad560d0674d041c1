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

/// One person's client: the shell of socket, files, output and clock around a `Session`.
public actor ChatClient {
    static let roomName = RegistryState.room
    static let fullOutboxCount = 512
    static let renewSeconds = SessionCertificate.lifetimeSeconds / 2
    /// How long an unreachable server is tried again, in seconds.
    static let patienceSeconds: Int64 = 600
    static let firstDelay = Duration.milliseconds(100)
    /// How soon a pause between two attempts notices that the session is over.
    static let pauseStep = Duration.milliseconds(100)

    let configuration: ClientConfiguration
    let unlocked: NIOLockedValueBox<UnlockedIdentity>
    let output: any ClientOutput
    let group: any EventLoopGroup
    var keystore: Keystore
    // How many lines of one's own registry the session knows.
    var followedCount = 0
    var session: Session?
    var folder: ChatFolder?
    var reader: ChatReader?
    var confirmedSeq: UInt64 = 0
    // Shown, but not remembered yet.
    var reached: LogPosition?
    var pendingView: RoomView?
    // The frame that is being looked at: the evidence, should it show a fork.
    var presentFrame: WireFrame?
    var mirror: RegistryMirror?
    var keys: SessionKeys?
    var keysMade = Timestamp(seconds: 0)
    var channel: (any Channel)?
    var failure: ChatError?
    var isFinished = false
    /// Whether the input is over: nobody waits for a server that stays away.
    var isEnding = false
    /// Whether the last attempt to reach the server failed.
    var isUnreachable = false
    var hasToldUnacknowledged = false
    // Whether a server let us in, so that anything can have been sent.
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

    /// Takes a line or a command; waits while too much is on its way.
    ///
    /// Returns `false` where the session is over already, and nothing was taken.
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

    /// The names of the room's members, sorted; none before the first login.
    public var memberNames: [String] { session?.memberNames ?? [] }

    /// Whether the server let us in, on the present connection.
    var isAdmitted: Bool { session?.isAdmitted ?? false }

    /// How many messages are not acknowledged yet, or not even handed to a session.
    var waitingCount: Int { session?.pendingCount ?? early.count }

    func apply(_ input: ClientInput) {
        if input == .end || input == .leave { isEnding = true }
        guard session != nil else {
            // There is nothing to leave, and perhaps never will be.
            if input == .leave, isUnreachable {
                return perform([.show(.bye(reason: "you left")), .finish(nil)])
            }
            return early.append(input)
        }
        followPins()
        guard !isFinished else { return }
        session?.writabilityChanged(to: channel?.isWritable ?? true)
        // Changed in place: a copy of the session would copy what it remembers.
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

    /// Tells once, before the end of the session is told, what may have reached nobody.
    func tellUnacknowledged() {
        let count =
            session?.pendingCount ?? early.count { if case .say = $0 { true } else { false } }
        guard count > 0, !hasToldUnacknowledged else { return }
        hasToldUnacknowledged = true
        output.show(.error(wasAdmitted ? .unacknowledged(count) : .unsent(count)))
    }

    /// An unknown user is told the fingerprint, and what exactly to send to whom.
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

    /// A server that was reached before may come back, and so may one that is waited for; anything
    /// else is final.
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
        // Somebody who asks and does not read gets no more answers.
        if case .ping? = frame.kind, channel?.isWritable == false { return }
        presentFrame = frame
        session?.writabilityChanged(to: channel?.isWritable ?? false)
        perform(session?.receive(frame, at: .now) ?? [])
        if isAdmitted { wasAdmitted = true }
        presentFrame = nil
    }

    /// Remembers and confirms what was shown; then somebody who is done hangs up.
    ///
    /// Shown first, remembered then: a kill between the two shows the last frame's messages again.
    func settle() async {
        await output.flush()
        remember()
        if isFinished { channel?.close(promise: nil) }
    }

    /// The server reads again: what waited for that is sent.
    func becameWritable() async {
        guard !isFinished else { return }
        // Messages that waited leave now.
        followPins()
        guard !isFinished else { return }
        perform(session?.resume(at: .now) ?? [])
        await settle()
    }

    func perform(_ actions: [ClientAction]) {
        var frames = ByteBuffer()
        for action in actions {
            // After an alarm, nothing that was prepared before it leaves.
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

    /// Ends the session, with a fault at once; the first reason stays.
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
