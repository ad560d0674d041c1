internal import CryptoCore
internal import KeyFormats
internal import Registry

/// A room as one client sees it: its log, its members, and the messages to them.
///
/// Frames and the user's messages go in, and actions come out. The `Session` owns it, and passes
/// the server's registry and the time.
struct Room {
    /// The room's name.
    let name: String
    /// Whether waiting messages are held until the user agrees to new readers.
    private let asksBeforeNewReaders: Bool
    private let makeReceiver: (_ keepsPast: Bool) -> ReceiverKeys
    private var delivery: Delivery
    private var sending: Sending
    private var audience: Audience
    private var history: History

    /// Starts with the stored room view of the reader, and the last entry that it was shown.
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
    /// The number of messages that are not acknowledged.
    var waitingCount: Int { sending.waitingCount }
    /// The names of the members that the user was told of, sorted.
    var memberNames: [KeyName] { audience.names }
    /// Whether messages are held until the user agrees to new readers.
    var isHeld: Bool { sending.isHeld }
    /// Whether all missed entries were received.
    var isLive: Bool { delivery.isLive }
    /// Whether all missed entries were received, all messages acknowledged, and no history is due.
    var isSettled: Bool { isLive && waitingCount == 0 && history.isIdle }

    // MARK: The connection

    /// Prepares for a new connection of the own session `session`.
    ///
    /// Returns a request for history that the old connection did not finish.
    mutating func connect(as session: SHA256Digest) -> ClientRequest? {
        delivery.connect()
        sending.connect(as: session)
        return history.interrupt()
    }

    /// Notes that the connection was lost.
    mutating func disconnect() {
        delivery.pause()
        sending.disconnect()
    }

    /// Takes the welcome; throws `ChatError` if the server's log is not the one that was shown.
    mutating func begin(_ welcome: WireWelcome) throws(ChatError) -> [ClientAction] {
        guard let head = LogPosition(welcome.head), let start = LogPosition(welcome.start),
            start.seq <= head.seq, welcome.room == name
        else { throw ChatError.violation("its welcome cannot be read") }
        return show(try delivery.begin(at: start, head: head, revocations: welcome.revocations))
    }

    // MARK: Frames of the server

    /// Takes new entries of the log; `own` is the id of the client's own session.
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

    /// Takes a page of older messages.
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

    /// Notes that the server has stored a message that the client sent again.
    mutating func take(_ accepted: WireAccepted) -> [ClientAction] {
        show([.stored(id: Array(accepted.id), seq: accepted.seq)])
    }

    /// Takes a refusal; a refused message is not sent again.
    mutating func take(_ rejected: WireRejected) -> [ClientAction] {
        let error = ServerWords.rejection(rejected)
        guard let message = sending.remove(Array(rejected.id)) else {
            return [.show(.error(error))]
        }
        return [.show(.refused(error, id: message.id, reference: message.reference))]
    }

    /// Shows which members are connected; the list of members comes from the client's own view.
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

    // MARK: The user's inputs

    /// Adds a message; `send` sends it.
    mutating func say(_ message: SentMessage) { sending.add(message) }

    /// Lets the held messages be sent to the present members.
    mutating func release() { sending.release() }

    /// Returns the request for older messages.
    mutating func askForHistory(_ count: Int?) -> WireFrame {
        history.ask(count, receiver: makeReceiver(true))
    }

    // MARK: The members

    /// Returns notices about all changes of the members since the last call.
    ///
    /// So the user is told of each member who can read messages, before the message is sent.
    mutating func look(_ directory: MemberDirectory, at now: Timestamp) -> [ClientAction] {
        let look = audience.look(at: directory.view(of: name, at: now), directory, now)
        guard let newcomers = look.newcomers else { return look.actions }
        // The next messages need a new sender key, wrapped only for the present members. The client
        // decides this by the registry, because the server may withhold entries of the log.
        sending.endEpoch()
        guard asksBeforeNewReaders, !newcomers.isEmpty, waitingCount > 0 else {
            return look.actions
        }
        let held = ClientEvent.held(count: sending.hold(), newcomers: newcomers)
        return look.actions + [.show(held)]
    }

    // MARK: Sending

    /// Compares the members again before an epoch begins; returns notices about members whom
    /// messages do not reach.
    ///
    /// A key may have expired since the last comparison.
    mutating func prepareToSend(_ directory: MemberDirectory, at now: Timestamp) -> [ClientAction] {
        guard isReady(directory), sending.needsEpoch(at: now) else { return [] }
        let actions = look(directory, at: now)
        return isHeld ? actions : actions + audience.exclusions(at: now)
    }

    /// Returns the frames of the waiting messages, as far as the window allows; throws if one
    /// cannot be encrypted.
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
