internal import CryptoCore
internal import Failures
internal import FoundationEssentials
package import KeyFormats
package import Registry
internal import SwiftProtobuf

/// A client's session with a server, from the first login to the end: a value without I/O or clock.
///
/// Frames and inputs go in, and actions come out. It owns the login, the requests, the server's
/// registry and the one room. It belongs to the actor `ChatClient` and is not sendable.
package struct Session {
    private let setup: SessionSetup
    private var login = Login()
    private var requests = Requests()
    private var directory: MemberDirectory
    private var room: Room
    /// Whether the channel accepts more bytes at the moment.
    private var isWritable = true
    /// Whether the session ends after all messages are acknowledged and all requests answered.
    private var isEnding = false

    /// Creates an offline session; `told` and `position` are what its reader was shown last.
    package init(
        setup: SessionSetup,
        directory: MemberDirectory,
        told: RoomView?,
        position: LogPosition?
    ) {
        self.setup = setup
        self.directory = directory
        room = Room(setup, told: told, position: position)
    }

    /// The last entry that was shown; `nil` before the first login.
    package var position: LogPosition? { room.position }
    /// The number of messages that are not acknowledged.
    package var pendingCount: Int { room.waitingCount }
    /// The names of the room's members, sorted.
    package var memberNames: [String] { room.memberNames.map(\.description) }
    /// Whether the server admitted this session on the present connection.
    package var isAdmitted: Bool { login.admitted != nil }
    /// Whether the session is over.
    package var isFinished: Bool { login.isFinished }

    // MARK: The user

    /// Sends a message; `reference` is a name that is returned with the answer.
    package mutating func say(
        _ text: String,
        reference: String? = nil,
        at now: Timestamp
    ) -> [ClientAction] {
        guard !text.isEmpty, let id = try? SecureRandom.bytes(count: MessageSeal.idByteCount) else {
            return []
        }
        guard text.utf8.count <= ClientLimits.textByteCount else {
            let error = ChatError.longText(text.utf8.count)
            return [.show(.refused(error, id: id, reference: reference))]
        }
        room.say(SentMessage(id: id, text: text, reference: reference))
        return send(at: now)
    }

    /// Sends a request, after the messages before it are acknowledged.
    package mutating func request(_ request: ClientRequest) -> [ClientAction] {
        guard requests.add(request) else { return [.show(.error(ChatError.notConnected))] }
        return ask()
    }

    /// Sends the messages that are held: the user agrees that the new members read them.
    package mutating func proceed(at now: Timestamp) -> [ClientAction] {
        guard room.isHeld else { return [] }
        room.release()
        return goOn(at: now)
    }

    /// Ends the session after all messages are acknowledged.
    package mutating func end() -> [ClientAction] {
        isEnding = true
        return finishIfDone()
    }

    /// Leaves: at once if no message waits or there is no connection; otherwise like `end`.
    package mutating func leave() -> [ClientAction] {
        guard !room.isHeld else { return fail(ChatError.held(pendingCount)) }
        if login.connection != nil, pendingCount > 0 || requests.hasNext { return end() }
        // The client counts the unacknowledged messages and shows the number.
        return finish("you left")
    }

    /// Takes a new state of the user's own registry.
    package mutating func follow(_ pins: RegistryState, at now: Timestamp) -> [ClientAction] {
        directory.follow(pins)
        guard directory.isComplete, !isFinished else { return [] }
        return room.look(directory, at: now) + send(at: now)
    }

    // MARK: The connection

    /// Begins the login on a new connection, with these session keys and the server's key.
    package mutating func connected(
        keys: SessionKeys,
        own: OwnIdentity,
        serverKey: PublicKey
    ) -> [ClientAction] {
        guard !isFinished else { return [] }
        login.connect(Login.Connection(keys: keys, own: own, serverKey: serverKey))
        requests.connect(repeating: room.connect(as: keys.certificate.session))
        directory.forgetUnfinished()
        isWritable = true
        return [.send(hello(own))]
    }

    private func hello(_ own: OwnIdentity) -> WireFrame {
        .with {
            $0.hello = .with {
                $0.protocol = 1
                $0.statements = own.statements(lackingIn: directory.mirror).map { Data($0.line) }
                $0.registryCount = UInt64(directory.tree.count)
                $0.room = room.name
                if let position {
                    $0.cursor = position.wire
                } else {
                    $0.atHead = setup.beginsAtHead
                }
            }
        }
    }

    /// Notes that the connection was lost; `connected` may follow.
    package mutating func disconnected() {
        guard !isFinished else { return }
        login.disconnect()
        room.disconnect()
    }

    /// Notes whether the channel accepts more bytes.
    package mutating func writabilityChanged(to isWritable: Bool) { self.isWritable = isWritable }

    /// Sends what waited, after the channel accepts more bytes again.
    package mutating func resume(at now: Timestamp) -> [ClientAction] {
        isWritable = true
        return goOn(at: now)
    }

    // MARK: The server

    /// Takes a frame of the server; a frame that breaks the protocol ends the session.
    package mutating func receive(_ frame: WireFrame, at now: Timestamp) -> [ClientAction] {
        guard let connection = login.connection else { return [] }
        do {
            return try take(frame, on: connection, at: now) + goOn(at: now)
        } catch let error as ChatError {
            return fail(error)
        } catch {
            return fail(ChatError.violation("\(error)"))
        }
    }

    private mutating func take(
        _ frame: WireFrame,
        on connection: Login.Connection,
        at now: Timestamp
    ) throws -> [ClientAction] {
        switch frame.kind {
        case .refusal(let refusal):
            let version = connection.keys.certificate.version
            throw ServerWords.refusal(refusal, to: setup.user, version: version)
        case .registryUpdate(let update): return try take(update, on: connection, at: now)
        case .welcome(let welcome): return try take(welcome)
        case .bye(let bye): return take(bye, at: now)
        case .ping: return [.send(.with { $0.pong = .init() })]
        case .pong: return []
        case .entries(let stretch):
            try login.requireAdmission()
            let own = connection.keys.certificate.session
            return try room.take(stretch, own: own, directory, at: now)
        case .accepted(let accepted):
            try login.requireAdmission()
            return room.take(accepted)
        case .rejected(let rejected):
            try login.requireAdmission()
            return take(rejected)
        case .history(let page):
            try login.requireAdmission()
            return try room.take(page, directory)
        case .who(let who):
            try login.requireAdmission()
            requests.answer()
            return room.take(who)
        case .reloaded(let reloaded):
            try login.requireAdmission()
            requests.answer()
            return [.show(.reloaded(failure: ServerWords.failure(reloaded)))]
        case .hello, .publish, .historyRequest, .whoRequest, .received, .shutdownRequest,
            .reloadRequest, nil:
            throw ChatError.outOfTurn
        }
    }

    private mutating func take(
        _ update: WireRegistryUpdate,
        on connection: Login.Connection,
        at now: Timestamp
    ) throws(ChatError) -> [ClientAction] {
        let known = directory.tree.count
        guard let news = try directory.take(update, serverKey: connection.serverKey) else {
            return []
        }
        try directory.requireOwnKey(of: setup.user, connection.own.identity)
        login.readRegistry(serverKey: news.serverKey)
        let told = room.look(directory, at: now)
        guard !news.lines.isEmpty || known == 0 else { return told }
        let note = Array(update.checkpoint)
        return [.keepRegistry(after: known, news.lines, note: note)] + told
    }

    private mutating func take(_ welcome: WireWelcome) throws(ChatError) -> [ClientAction] {
        try login.welcome()
        let begun = try room.begin(welcome)
        let ready = ClientEvent.ready(
            user: setup.user.description,
            server: setup.serverName.description,
            rooms: [room.name],
            retention: ServerWords.quoted(welcome.retention)
        )
        return [.show(ready)] + begun
    }

    private mutating func take(_ rejected: WireRejected) -> [ClientAction] {
        // `stale` needs no action: the log's change of members makes the client send it again.
        guard rejected.code != ChatError.Code.stale.rawValue else { return [] }
        if rejected.id.isEmpty { requests.answer() }
        return room.take(rejected)
    }

    private mutating func take(_ bye: WireBye, at now: Timestamp) -> [ClientAction] {
        let text = ServerWords.farewell(bye)
        guard bye.code == "restart" else { return finish(text) }
        return [.show(.notice(text: text, time: now.milliseconds))]
    }

    // MARK: The next step

    /// Sends messages, then requests, then ends the session, as far as each is possible now.
    private mutating func goOn(at now: Timestamp) -> [ClientAction] {
        send(at: now) + ask() + finishIfDone()
    }

    /// Sends messages, as far as the window allows.
    private mutating func send(at now: Timestamp) -> [ClientAction] {
        guard isWritable, let keys = login.admitted?.keys else { return [] }
        var actions = room.prepareToSend(directory, at: now)
        do {
            actions += try room.send(directory, keys: keys, at: now)
        } catch {
            actions += fail(ChatError.violation("a message could not be sealed"))
        }
        return actions
    }

    /// Sends the requests that wait, if all messages before them are acknowledged.
    private mutating func ask() -> [ClientAction] {
        var actions: [ClientAction] = []
        while login.admitted != nil, room.isSettled, let request = requests.next() {
            let frame: WireFrame =
                switch request {
                case .history(let count): room.askForHistory(count)
                case .who: .with { $0.whoRequest = .init() }
                case .shutdown: .with { $0.shutdownRequest = .init() }
                case .reload: .with { $0.reloadRequest = .init() }
                }
            actions.append(.send(frame))
        }
        return actions
    }

    /// Ends the session if the user left and all messages and requests are answered.
    private mutating func finishIfDone() -> [ClientAction] {
        guard isEnding, login.admitted != nil, room.isSettled, requests.isEmpty else { return [] }
        return finish("end of input")
    }

    // MARK: The end

    /// Ends the session; the caller found the reason.
    package mutating func stop() { login.finish() }

    private mutating func finish(_ reason: String) -> [ClientAction] {
        login.finish()
        return [.show(.bye(reason: reason)), .finish(nil)]
    }

    private mutating func fail(_ error: ChatError) -> [ClientAction] {
        login.finish()
        return [.finish(error)]
    }
}
