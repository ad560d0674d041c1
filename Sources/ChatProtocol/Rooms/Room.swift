internal import CryptoCore
internal import KeyFormats
internal import Registry

/// A room as one client sees it: its log, its members, and what is said to them.
///
/// A value of the `Session`, which passes in the server's registry and the time. Frames and the
/// user's words go in, actions come out.
struct Room {
    /// The room's name.
    let name: String
    /// Whether the user is asked before somebody new reads what is typed already.
    private let asksBeforeNewReaders: Bool
    private let makeReceiver: (_ keepsPast: Bool) -> ReceiverKeys
    private var delivery: Delivery
    private var sending: Sending
    private var audience: Audience
    private var history: History

    /// Starts from what the reader was told of the room, and the last entry that it was shown.
    init(_ setup: SessionSetup, told: RoomView?, position: LogPosition?) {
        name = setup.room
        asksBeforeNewReaders = setup.asksBeforeNewReaders
        makeReceiver = { keepsPast in
            ReceiverKeys(
                identity: setup.identity,
                chat: setup.chat,
                room: setup.room,
                keepsPast: keepsPast,
                open: setup.open
            )
        }
        delivery = Delivery(room: name, position: position, receiver: makeReceiver(false))
        sending = Sending(room: name)
        audience = Audience(user: setup.user, told: told)
        history = History(room: name)
    }

    /// The last entry that was shown; `nil` before the first login.
    var position: LogPosition? { delivery.log.position }
    /// How many messages wait for their acknowledgement.
    var waitingCount: Int { sending.waitingCount }
    /// The members as the user knows them, sorted.
    var memberNames: [KeyName] { audience.names }
    /// Whether what was typed waits for the user.
    var isHeld: Bool { sending.isHeld }
    /// Whether everything that was missed is there.
    var isLive: Bool { delivery.isLive }
    /// Whether everything that was said here is acknowledged, and what was missed is there.
    var isSettled: Bool { isLive && waitingCount == 0 && history.isIdle }

    // MARK: The connection

    /// A connection stands, for this session of one's own; returns a request that was not answered
    /// on the connection before.
    mutating func connect(as session: SHA256Digest) -> ClientRequest? {
        delivery.connect()
        sending.connect(as: session)
        return history.interrupt()
    }

    /// The connection is gone.
    mutating func disconnect() {
        delivery.pause()
        sending.disconnect()
    }

    /// The server let this session in; throws `ChatError` where its log is another one.
    mutating func begin(_ welcome: WireWelcome) throws(ChatError) -> [ClientAction] {
        guard let head = LogPosition(welcome.head), let start = LogPosition(welcome.start),
            start.seq <= head.seq, welcome.room == name
        else { throw ChatError.violation("its welcome cannot be read") }
        return show(try delivery.begin(at: start, head: head, revocations: welcome.revocations))
    }

    // MARK: What the server sends

    /// New entries of the log, for the session `own`.
    mutating func take(
        _ stretch: WireEntries,
        own: SHA256Digest,
        _ directory: MemberDirectory,
        at now: Timestamp
    ) throws -> [ClientAction] {
        let start = position
        let found = try delivery.take(stretch, own: own, directory: directory, at: now)
        var actions = show(found)
        if let position, position != start { actions.append(.reached(position)) }
        return actions
    }

    /// A page of older messages.
    mutating func take(
        _ page: WireHistory,
        _ directory: MemberDirectory
    ) throws(ChatError) -> [ClientAction] {
        let messages = try history.take(
            page,
            log: delivery.log,
            revocations: delivery.revocations,
            directory: directory
        )
        guard let messages else { return [] }
        return [.show(.history(room: name, count: messages.count))]
            + messages.map { .show(.message($0)) }
    }

    /// The server has stored a message that was sent before under the same id.
    mutating func take(_ accepted: WireAccepted) -> [ClientAction] {
        show([.stored(id: Array(accepted.id), seq: accepted.seq)])
    }

    /// The server refused something; a message that was said here is not sent again.
    mutating func take(_ rejected: WireRejected) -> [ClientAction] {
        let error = ServerWords.rejection(rejected)
        guard let message = sending.remove(Array(rejected.id)) else {
            return [.show(.error(error))]
        }
        return [.show(.refused(error, id: message.id, reference: message.reference))]
    }

    /// Who is here; who is a member is one's own knowledge.
    func take(_ who: WireWho) -> [ClientAction] {
        let names = memberNames.map(\.description)
        let online = Set(who.online)
        return [
            .show(
                .who(
                    online: names.filter(online.contains),
                    offline: names.filter { !online.contains($0) }
                )
            )
        ]
    }

    private mutating func show(_ findings: [Delivery.Finding]) -> [ClientAction] {
        var events: [ClientEvent] = []
        for finding in findings {
            switch finding {
            case .stored(let id, let seq):
                guard let message = sending.remove(id) else { continue }
                events.append(.acknowledged(message, seq: seq))
            case .message(let message): events.append(.message(message))
            case .unreadable(let error): events.append(.error(error))
            case .event(let event, let lineCount): sending.follow(event, lineCount: lineCount)
            case .live(let missedCount): events.append(.live(missedCount: missedCount))
            }
        }
        return events.map { .show($0) }
    }

    // MARK: What the user says

    /// Takes a message; it leaves with `send`.
    mutating func say(_ message: SentMessage) { sending.add(message) }

    /// The user wants those who are in the room now to read what waits.
    mutating func release() { sending.release() }

    /// Asks for older messages.
    mutating func askForHistory(_ count: Int?) -> WireFrame {
        history.ask(count, receiver: makeReceiver(true))
    }

    // MARK: The members

    /// Tells what changed since the last look, whatever the reason: a member who can open messages
    /// from now on was told of.
    mutating func look(_ directory: MemberDirectory, at now: Timestamp) -> [ClientAction] {
        let look = audience.look(at: directory.view(of: name, at: now), directory, now)
        guard let newcomers = look.newcomers else { return look.actions }
        // What is said from now on opens with the keys of now, and with none that went, whatever
        // the room's log tells of it, or keeps from us.
        sending.endEpoch()
        guard asksBeforeNewReaders, !newcomers.isEmpty, waitingCount > 0 else {
            return look.actions
        }
        let held = ClientEvent.held(count: sending.hold(), newcomers: newcomers)
        return look.actions + [.show(held)]
    }

    // MARK: Sending

    /// Looks at the members again before an epoch begins, as time alone may have changed who reads,
    /// and tells of those who will not.
    mutating func prepareToSend(_ directory: MemberDirectory, at now: Timestamp) -> [ClientAction] {
        guard isReady(directory), sending.needsEpoch(at: now) else { return [] }
        let actions = look(directory, at: now)
        return isHeld ? actions : actions + audience.exclusions(at: now)
    }

    /// Sends what waits, as much as the window takes; throws where it cannot be sealed.
    mutating func send(
        _ directory: MemberDirectory,
        keys: SessionKeys,
        at now: Timestamp
    ) throws -> [ClientAction] {
        guard isReady(directory), let position else { return [] }
        var frames: [WireFrame] = []
        if sending.needsEpoch(at: now) {
            frames.append(
                try sending.beginEpoch(
                    for: directory.recipients(of: name, at: now),
                    keys: keys,
                    seen: position,
                    at: now
                )
            )
        }
        frames += try sending.messages(seen: position, at: now)
        return frames.map { .send($0) }
    }

    private func isReady(_ directory: MemberDirectory) -> Bool {
        isLive && sending.isReady(lineCount: directory.tree.count)
    }
}
