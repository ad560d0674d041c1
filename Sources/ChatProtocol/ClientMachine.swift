package import CryptoCore
internal import FoundationEssentials
package import KeyFormats
package import Registry
internal import SwiftProtobuf

/// One client in one room, from login to the end: frames and lines in, actions out; no I/O.
///
/// Not sendable: it belongs to the one actor that drives it.
package struct ClientMachine {
    /// Longest text of one message, in bytes of UTF-8.
    package static let largestTextByteCount = 32 << 10
    /// Most messages that `/history` asks for.
    package static let largestHistoryCount = 10_000
    private static let rememberedPositionCount = 4_096
    private static let largestRequestCount = 64

    /// Who logs in where.
    package struct Setup {
        package let user: KeyName
        package let identity: SHA256Digest
        package let chat: SHA256Digest
        package let serverName: KeyName
        package let room: String
        package let open: WrapOpener

        /// Names the parties.
        package init(
            user: KeyName, identity: SHA256Digest, chat: SHA256Digest, serverName: KeyName,
            room: String, open: @escaping WrapOpener
        ) {
            self.user = user
            self.identity = identity
            self.chat = chat
            self.serverName = serverName
            self.room = room
            self.open = open
        }
    }

    /// One's own statements, for a server that knows an earlier version only.
    package var statements: [Statement] = []

    private enum State {
        case offline
        case awaitingWelcome
        /// Receiving what was missed, up to this sequence.
        case catchingUp(to: UInt64)
        case online
        case finished
    }

    private let setup: Setup
    private var state = State.offline
    private var directory: MemberDirectory
    private var receiver: ReceiverKeys
    private var epoch: SenderEpoch?
    private var epochCount: UInt32 = 0
    private var keys: SessionKeys?
    private var serverKey: PublicKey?
    private var outbox = Outbox()
    private var joiners: Set<SHA256Digest> = []
    private var revocations: [Revocations.Key: UInt64] = [:]
    private var remembered: [UInt64: SHA256Digest] = [:]
    private var history: [ChatMessage]?
    private var historyReceiver: ReceiverKeys?
    private var reported: Set<KeyName> = []
    private var unreadableCount = 0
    private var isEnding = false
    private var requests: [Request] = []
    /// The request for history that is being answered.
    private var openHistory: Request?
    private var historyPosition: LogPosition?
    /// One's own announcements that the log does not show yet.
    private var unconfirmed: Set<[UInt8]> = []
    private var isFirstLogin: Bool
    private var isRegistryKnown = false
    /// Requests whose answer has not come yet.
    private var answersDue = 0
    /// The last entry that was shown; none before the first login.
    package private(set) var position: LogPosition?

    /// Starts offline.
    package init(setup: Setup, directory: MemberDirectory, position: LogPosition?) {
        self.setup = setup
        self.directory = directory
        self.position = position
        isFirstLogin = directory.tree.count == 0
        receiver = ReceiverKeys(
            identity: setup.identity, chat: setup.chat, room: setup.room, keepsPast: false,
            open: setup.open
        )
    }

    /// How many messages wait for their acknowledgement.
    package var pendingCount: Int { outbox.count }
    /// Whether the session is over.
    package var isFinished: Bool { if case .finished = state { true } else { false } }

    // MARK: The connection

    /// A connection stands, with these session keys, to a server with this key.
    package mutating func connected(keys: SessionKeys, serverKey: PublicKey) -> [ClientAction] {
        if self.keys?.certificate.session != keys.certificate.session { epochCount = 0 }
        // An announcement may have been lost with the connection: a new epoch costs little.
        epoch = nil
        unconfirmed = []
        self.keys = keys
        self.serverKey = serverKey
        outbox.rewind()
        if let open = openHistory { requests.insert(open, at: 0) }
        openHistory = nil
        history = nil
        answersDue = 0
        state = .awaitingWelcome
        return [
            .send(
                .with {
                    $0.hello = .with {
                        $0.protocol = 1
                        $0.statements = statements.map { Data($0.line) }
                        $0.registryCount = UInt64(directory.tree.count)
                        $0.room = setup.room
                        if let position { $0.cursor = position.wire }
                    }
                }
            )
        ]
    }

    /// The connection is gone; it may be made again.
    package mutating func disconnected() {
        guard !isFinished else { return }
        state = .offline
        outbox.rewind()
    }

    // MARK: The user

    /// The user says something.
    package mutating func say(_ text: String) -> [ClientAction] {
        guard !text.isEmpty else { return [] }
        guard text.utf8.count <= ClientMachine.largestTextByteCount else {
            return [
                .show(
                    .error(
                        ChatError(
                            .tooLong,
                            "the message has \(text.utf8.count) bytes, at most "
                                + "\(ClientMachine.largestTextByteCount) are sent",
                            hint: "send it in parts"
                        )
                    )
                )
            ]
        }
        guard let id = try? SecureRandom.bytes(count: MessageSeal.idByteCount) else { return [] }
        outbox.add(id: id, text: text)
        return pump()
    }

    /// What a user can ask the server for.
    package enum Request: Sendable {
        /// Older messages; `nil`: as many as the server says.
        case history(Int?)
        /// Who is here.
        case who
        /// The end of the server.
        case shutdown
    }

    /// The user asks for something; it waits for what was said before it.
    package mutating func request(_ request: Request) -> [ClientAction] {
        guard requests.count < ClientMachine.largestRequestCount else {
            return [.show(.error(ClientMachine.notConnected))]
        }
        requests.append(request)
        return ask()
    }

    private mutating func ask() -> [ClientAction] {
        guard isOnline, outbox.count == 0, history == nil, !requests.isEmpty else { return [] }
        let request = requests.removeFirst()
        switch request {
        case .history(let count):
            openHistory = request
            historyPosition = nil
            history = []
            historyReceiver = ReceiverKeys(
                identity: setup.identity, chat: setup.chat, room: setup.room, keepsPast: true,
                open: setup.open
            )
            let asked = UInt32(min(count ?? 0, ClientMachine.largestHistoryCount))
            return [.send(.with { $0.historyRequest = .with { $0.count = asked } })]
        case .who:
            answersDue += 1
            return [.send(.with { $0.whoRequest = .init() })] + ask()
        case .shutdown:
            answersDue += 1
            return [.send(.with { $0.shutdownRequest = .init() })] + ask()
        }
    }

    /// The user leaves, once everything that was said is acknowledged.
    package mutating func end() -> [ClientAction] {
        isEnding = true
        return finishIfDone()
    }

    /// The user leaves: at once where nothing is on its way, or where nobody is there to take it.
    package mutating func leave() -> [ClientAction] {
        if case .offline = state {} else if outbox.count > 0 || !requests.isEmpty { return end() }
        guard outbox.count == 0 else {
            return fail(
                ChatError(
                    .unreachable,
                    "\(outbox.count) messages were not sent: the server is not there",
                    hint: "say them again when it is back"
                )
            )
        }
        state = .finished
        return [.show(.bye(reason: "you left")), .finish(nil)]
    }

    private var isOnline: Bool { if case .online = state { true } else { false } }

    private static let notConnected = ChatError(
        .unreachable, "not connected to the server just now", hint: "try again in a moment"
    )

    private mutating func finishIfDone() -> [ClientAction] {
        guard isEnding, outbox.count == 0, isOnline, history == nil, requests.isEmpty,
            answersDue == 0
        else { return [] }
        state = .finished
        return [.show(.bye(reason: "end of input")), .finish(nil)]
    }

    // MARK: The server

    /// The server says something; what breaks the protocol ends the session.
    package mutating func receive(_ frame: WireFrame) -> [ClientAction] {
        do {
            return try take(frame) + pump() + ask() + finishIfDone()
        } catch let error as ChatError {
            return fail(error)
        } catch {
            return fail(ChatError.violation("\(error)"))
        }
    }

    private mutating func fail(_ error: ChatError) -> [ClientAction] {
        state = .finished
        return [.finish(error)]
    }

    private mutating func take(_ frame: WireFrame) throws -> [ClientAction] {
        switch (state, frame.kind) {
        case (.finished, _), (.offline, _): return []
        case (_, .refusal(let refusal)): throw ChatError(refusal)
        case (_, .registryUpdate(let update)): return try takeRegistry(update)
        case (.awaitingWelcome, .welcome(let welcome)): return try takeWelcome(welcome)
        case (.catchingUp, .entries(let stretch)), (.online, .entries(let stretch)):
            return try takeEntries(stretch)
        case (_, .accepted(let accepted)):
            guard outbox.acknowledge(Array(accepted.id)) else { return [] }
            return [.show(.acknowledged(id: Array(accepted.id), seq: accepted.seq))]
        case (_, .rejected(let rejected)): return takeRejected(rejected)
        case (_, .history(let page)): return try takeHistory(page)
        case (_, .who(let who)):
            answersDue = max(0, answersDue - 1)
            return [
                .show(
                    .who(
                        online: who.online.map { Printable.text($0, limit: 32) },
                        offline: who.offline.map { Printable.text($0, limit: 32) }
                    )
                )
            ]
        case (_, .bye(let bye)):
            let text = Printable.text(bye.message, limit: 200)
            guard bye.code == "restart" else {
                state = .finished
                return [.show(.bye(reason: text)), .finish(nil)]
            }
            return [.show(.notice(text: text, time: Timestamp.now.seconds * 1000))]
        case (_, .ping): return [.send(.with { $0.pong = .init() })]
        case (_, .pong): return []
        case (_, .hello), (_, .publish), (_, .historyRequest), (_, .whoRequest), (_, .received),
            (_, .shutdownRequest), (_, .welcome), (.awaitingWelcome, .entries), (_, nil):
            throw ChatError.violation("a frame came out of turn")
        }
    }

    private mutating func takeRegistry(_ update: WireRegistryUpdate) throws -> [ClientAction] {
        guard let serverKey else { throw ChatError.violation("a registry before TLS") }
        let known = directory.tree.count
        guard let (fresh, key) = try directory.take(update, serverKey: serverKey) else { return [] }
        self.serverKey = key
        isRegistryKnown = true
        var actions: [ClientAction] = fresh.isEmpty ? [] : [.keepRegistry(after: known, fresh)]
        // What is told comes from the signed registry itself, so that nobody is added unseen.
        for statement in fresh where !isFirstLogin {
            guard let subject = directory.mirror.subject(of: statement), subject.id != setup.chat
            else { continue }
            let text = RoomEvent(statement).text(
                subject.name, version: statement.subjectVersion ?? subject.latest.number
            )
            actions.append(.show(.notice(text: text, time: statement.time.seconds * 1000)))
        }
        isFirstLogin = false
        for name in directory.mismatches where reported.insert(name).inserted {
            actions.append(
                .show(
                    .error(
                        ChatError(
                            .keyMismatch,
                            "the server shows another key for \"\(name)\" than you imported: "
                                + "nothing is sent to \(name), and nothing from there is shown",
                            hint: "compare fingerprints with \(name) in person (keyctl show "
                                + "\(name)); then keyctl import --replace, or tell the admin"
                        )
                    )
                )
            )
        }
        return actions
    }

    private mutating func takeWelcome(_ welcome: WireWelcome) throws -> [ClientAction] {
        guard isRegistryKnown, let head = LogPosition(welcome.head), let start = LogPosition(welcome.start),
            start.seq <= head.seq, welcome.room == setup.room
        else { throw ChatError.violation("its welcome cannot be read") }
        if let position {
            guard position == start else {
                throw MemberDirectory.fork("the server's room log is not the one you saw")
            }
        }
        position = start
        remember(start)
        for item in welcome.revocations {
            guard let id = SHA256Digest(item.identity) else { continue }
            let key = Revocations.Key(identity: id, version: Int(item.version))
            // Once seen, a revocation never moves to a later place.
            revocations[key] = min(revocations[key] ?? .max, item.seq)
        }
        state = head.seq == start.seq ? .online : .catchingUp(to: head.seq)
        return [
            .show(
                .ready(
                    user: setup.user.description, server: setup.serverName.description,
                    rooms: [setup.room], retention: Printable.text(welcome.retention, limit: 200)
                )
            )
        ]
    }

    private mutating func takeEntries(_ stretch: WireEntries) throws -> [ClientAction] {
        guard var at = position, stretch.previous == at.hash.data else {
            throw MemberDirectory.fork("the server's room log has a gap")
        }
        for entry in stretch.keys { learn(entry) }
        var actions: [ClientAction] = []
        for entry in stretch.entries {
            guard let next = at.advanced(over: entry) else {
                throw ChatError.violation("an entry is out of order")
            }
            at = next
            position = next
            remember(next)
            actions += try takeEntry(entry)
        }
        if case .catchingUp(let target) = state, at.seq >= target {
            state = .online
            if unreadableCount > 0 {
                actions.append(.show(.error(ClientMachine.unreadable(unreadableCount))))
                unreadableCount = 0
            }
        }
        return actions
    }

    private mutating func takeEntry(_ entry: WireEntry) throws -> [ClientAction] {
        switch entry.kind {
        case .keys:
            learn(entry)
            confirm(entry)
            return []
        case .event: return takeEvent(entry)
        case .message:
            guard !entry.body.isEmpty else {
                guard !isOnline else { return [.show(.error(ClientMachine.unreadable(1)))] }
                unreadableCount += 1  // the store no longer has it
                return []
            }
            if let own = ownMessage(entry) {
                guard outbox.acknowledge(own) else { return [] }
                return [.show(.acknowledged(id: own, seq: entry.seq))]
            }
            do {
                let opened = try receiver.open(entry, revocations: revocations)
                try checkSeen(opened)
                return [.show(.message(shown(opened, entry, isReplay: false)))]
            } catch let error as ChatError where error.code == .unreadable {
                if case .catchingUp = state {
                    unreadableCount += 1
                    return []
                }
                return [.show(.error(error))]
            }
        case .unspecified, .UNRECOGNIZED: return []  // a kind of a later version
        }
    }

    /// The id of a message that this very session sent.
    private func ownMessage(_ entry: WireEntry) -> [UInt8]? {
        guard let keys, let signed = try? WireSigned(serializedBytes: entry.body),
            signed.session == keys.certificate.session.data,
            let content = try? WireMessageContent(serializedBytes: signed.content)
        else { return nil }
        return Array(content.id)
    }

    private mutating func confirm(_ entry: WireEntry) {
        guard !unconfirmed.isEmpty, let signed = try? WireSigned(serializedBytes: entry.body),
            signed.session == keys?.certificate.session.data,
            let content = try? WireKeyContent(serializedBytes: signed.content)
        else { return }
        unconfirmed.remove(Array(content.id))
    }

    /// A sender signed what it saw: if that is not what was shown here, the server shows
    /// different people different logs.
    private func checkSeen(_ opened: ReceiverKeys.Opened) throws(ChatError) {
        guard let hash = remembered[opened.seen.seq], hash != opened.seen.hash else { return }
        throw MemberDirectory.fork("\(opened.from) saw another log of this room")
    }

    private func shown(
        _ opened: ReceiverKeys.Opened, _ entry: WireEntry, isReplay: Bool
    ) -> ChatMessage {
        ChatMessage(
            room: setup.room, from: opened.from, text: opened.text, seq: entry.seq,
            time: entry.time, id: opened.id, isReplay: isReplay
        )
    }

    private mutating func learn(_ entry: WireEntry) {
        receiver.learn(entry, directory: directory, revocations: revocations)
    }

    private mutating func remember(_ position: LogPosition) {
        remembered[position.seq] = position.hash
        if position.seq >= UInt64(ClientMachine.rememberedPositionCount) {
            remembered[position.seq - UInt64(ClientMachine.rememberedPositionCount)] = nil
        }
    }

    private mutating func takeEvent(_ entry: WireEntry) -> [ClientAction] {
        guard let event = try? WireEventContent(serializedBytes: entry.body),
            let what = RoomEvent(rawValue: event.what), let id = SHA256Digest(event.identity)
        else { return [] }
        if what == .revoked {
            let key = Revocations.Key(identity: id, version: Int(event.version))
            revocations[key] = min(revocations[key] ?? .max, entry.seq)
        }
        if what.changesMembership {
            // What is on its way was made for the members before this line: the server refuses
            // it, and it is sent again, in order, under its old ids.
            outbox.rewind()
            if what == .joined, unconfirmed.isEmpty { joiners.insert(id) } else { epoch = nil }
        }
        return []
    }

    private mutating func takeRejected(_ rejected: WireRejected) -> [ClientAction] {
        unconfirmed.remove(Array(rejected.id))
        // `stale` resolves itself: the change that caused it comes, or came, with the log.
        guard rejected.code != ChatError.Code.stale.rawValue else { return [] }
        let error = ChatError(
            ChatError.Code(rawValue: rejected.code) ?? .invalidMessage,
            Printable.text(rejected.message, limit: 200),
            hint: rejected.hint.isEmpty ? nil : Printable.text(rejected.hint, limit: 200)
        )
        if rejected.id.isEmpty { answersDue = max(0, answersDue - 1) }
        _ = outbox.acknowledge(Array(rejected.id))
        return [.show(.error(error))]
    }

    private mutating func takeHistory(_ page: WireHistory) throws -> [ClientAction] {
        guard var messages = history, var receiver = historyReceiver else { return [] }
        guard let before = SHA256Digest(page.stretch.previous) ?? historyPosition?.hash,
            historyPosition.map({ $0.hash == before }) ?? true,
            page.stretch.entries.first.map({ $0.seq > 0 }) ?? true,
            messages.count <= ClientMachine.largestHistoryCount
        else { throw ChatError.violation("its history cannot be read") }
        for entry in page.stretch.keys {
            receiver.learn(entry, directory: directory, revocations: revocations)
        }
        let first = page.stretch.entries.first.map { $0.seq - 1 }
        var at = LogPosition(seq: first ?? historyPosition?.seq ?? 0, hash: before)
        for entry in page.stretch.entries {
            guard let next = at.advanced(over: entry) else {
                throw ChatError.violation("its history is out of order")
            }
            at = next
            if let known = remembered[next.seq], known != next.hash {
                throw MemberDirectory.fork("the server's history is not the one you saw")
            }
            switch entry.kind {
            case .keys: receiver.learn(entry, directory: directory, revocations: revocations)
            case .message:
                guard let opened = try? receiver.open(entry, revocations: revocations) else {
                    continue
                }
                messages.append(shown(opened, entry, isReplay: true))
            case .event, .unspecified, .UNRECOGNIZED: continue
            }
        }
        historyReceiver = receiver
        history = messages
        if !page.stretch.entries.isEmpty { historyPosition = at }
        guard page.last else { return [] }
        history = nil
        openHistory = nil
        return [.show(.history(room: setup.room, count: messages.count))]
            + messages.map { .show(.message($0)) }
    }

    private static func unreadable(_ count: Int) -> ChatError {
        ChatError(
            .unreadable,
            "\(count) earlier messages cannot be read with your keys",
            hint: "they were sent before you were a member, or the server keeps them no longer"
        )
    }

    // MARK: Sending

    private mutating func announce(
        _ epoch: SenderEpoch, to recipients: [MemberDirectory.Recipient], seen: LogPosition
    ) throws -> ClientAction {
        let (frame, id) = try epoch.announcement(to: recipients, seen: seen)
        unconfirmed.insert(id)
        return .send(frame)
    }

    private mutating func pump() -> [ClientAction] {
        guard isOnline, let keys, let position, outbox.hasNext else { return [] }
        let now = Timestamp.now
        var actions: [ClientAction] = []
        do {
            if epoch?.isOver(at: now) == true { epoch = nil }
            if let epoch, !joiners.isEmpty {
                let recipients = directory.recipients(at: now).filter {
                    joiners.contains($0.identity)
                }
                actions.append(try announce(epoch, to: recipients, seen: position))
            }
            joiners = []
            let current: SenderEpoch
            if let epoch {
                current = epoch
            } else {
                epochCount += 1
                current = try SenderEpoch(
                    number: epochCount, keys: keys, room: setup.room, at: now
                )
                let recipients = directory.recipients(at: now)
                actions.append(try announce(current, to: recipients, seen: position))
                epoch = current
            }
            while !current.isOver(at: now), let item = outbox.next() {
                actions.append(
                    .send(try current.message(item.text, id: item.id, seen: position))
                )
            }
        } catch {
            return actions + fail(ChatError.violation("a message could not be sealed"))
        }
        return actions
    }
}
