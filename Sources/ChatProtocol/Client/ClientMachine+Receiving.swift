internal import CryptoCore
internal import FoundationEssentials
internal import KeyFormats
internal import Registry
internal import SwiftProtobuf

/// What the server says: checked against what was seen before, then shown.
extension ClientMachine {
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

    mutating func fail(_ error: ChatError) -> [ClientAction] {
        state = .finished
        return [.finish(error)]
    }

    mutating func take(_ frame: WireFrame) throws -> [ClientAction] {
        switch (state, frame.kind) {
        case (.finished, _), (.offline, _): return []
        case (_, .refusal(let refusal)):
            throw ServerWords.refusal(
                refusal,
                to: setup.user,
                version: keys?.certificate.version ?? own.latest.number
            )
        case (_, .registryUpdate(let update)): return try takeRegistry(update)
        case (.awaitingWelcome, .welcome(let welcome)): return try takeWelcome(welcome)
        case (.catchingUp, .entries(let stretch)), (.online, .entries(let stretch)):
            return try takeEntries(stretch)
        case (_, .accepted(let accepted)):
            guard let message = outbox.remove(Array(accepted.id)) else { return [] }
            return [.show(.acknowledged(message, seq: accepted.seq))]
        case (_, .rejected(let rejected)): return takeRejected(rejected)
        case (_, .history(let page)): return try takeHistory(page)
        case (_, .who(let who)): return [.show(takeWho(who))]
        case (_, .bye(let bye)):
            let text = ServerWords.farewell(bye)
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

    /// Who is a member is one's own knowledge; the server's word is only who is here.
    private mutating func takeWho(_ who: WireWho) -> ClientEvent {
        answersDue = max(0, answersDue - 1)
        let names = (told?.names ?? []).map(\.description)
        let online = Set(who.online)
        return .who(
            online: names.filter(online.contains),
            offline: names.filter { !online.contains($0) }
        )
    }

    mutating func takeRegistry(_ update: WireRegistryUpdate) throws -> [ClientAction] {
        guard let serverKey else {
            throw ChatError.violation("it sent a registry before the TLS handshake")
        }
        let known = directory.tree.count
        guard let (fresh, key) = try directory.take(update, serverKey: serverKey) else { return [] }
        self.serverKey = key
        try directory.requireOwnKey(of: setup.user, own)
        isRegistryKnown = true
        let kept: [ClientAction] =
            fresh.isEmpty && known > 0
            ? [] : [.keepRegistry(after: known, fresh, note: Array(update.checkpoint))]
        return kept + look()
    }

    mutating func takeWelcome(_ welcome: WireWelcome) throws -> [ClientAction] {
        guard isRegistryKnown, let head = LogPosition(welcome.head),
            let start = LogPosition(welcome.start),
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
        loginHead = head.seq
        missedCount = 0
        state = head.seq == start.seq ? .online : .catchingUp(to: head.seq)
        let ready: [ClientAction] = [
            .show(
                .ready(
                    user: setup.user.description,
                    server: setup.serverName.description,
                    rooms: [setup.room],
                    retention: ServerWords.quoted(welcome.retention)
                )
            )
        ]
        return isOnline ? ready + [.show(.live(missedCount: 0))] : ready
    }

    /// A stretch counts as a whole: where any of it is wrong nothing is shown, and the place in the
    /// log stays before it, so that the next connection meets the same again.
    mutating func takeEntries(_ stretch: WireEntries) throws -> [ClientAction] {
        guard let start = position, stretch.previous == start.hash.data else {
            throw MemberDirectory.fork("the server's room log has a gap")
        }
        var at = start
        var places: [LogPosition] = []
        for entry in stretch.entries {
            guard let next = at.advanced(over: entry) else {
                throw ChatError.violation("an entry is out of order")
            }
            at = next
            places.append(next)
        }
        for entry in stretch.keys { learn(entry) }
        var actions: [ClientAction] = []
        do {
            for (entry, place) in zip(stretch.entries, places) {
                position = place
                remember(place)
                actions += try takeEntry(entry)
                actions += finishCatchingUp(at: place.seq)
            }
        } catch {
            position = start
            throw error
        }
        actions += finishCatchingUp(at: at.seq)
        if at != start { actions.append(.reached(at)) }
        return actions
    }

    /// Marks the place between what was missed and what is live, once it is reached.
    private mutating func finishCatchingUp(at seq: UInt64) -> [ClientAction] {
        guard case .catchingUp(let target) = state, seq >= target else { return [] }
        state = .online
        var actions: [ClientAction] = []
        if unreadableCount > 0 {
            actions.append(.show(.error(ClientMachine.unreadable(unreadableCount))))
        }
        actions.append(.show(.live(missedCount: missedCount)))
        unreadableCount = 0
        missedCount = 0
        return actions
    }

    mutating func takeEntry(_ entry: WireEntry) throws -> [ClientAction] {
        switch entry.kind {
        case .keys:
            learn(entry)
            return []
        case .event: return try takeEvent(entry)
        case .message:
            guard !entry.body.isEmpty else {
                guard !isOnline else { return [.show(.error(ClientMachine.unreadable(1)))] }
                unreadableCount += 1  // the store no longer has it
                return []
            }
            if let own = ownMessage(entry) {
                guard let message = outbox.remove(own) else { return [] }
                return [.show(.acknowledged(message, seq: entry.seq))]
            }
            do {
                let opened = try receiver.open(entry, revocations: revocations)
                try checkSeen(opened)
                // Before the login, whoever said it may have been a member then.
                guard entry.seq <= loginHead || directory.speaks(opened.sender) else {
                    throw ReceiverKeys.unreadable("\(opened.from) is not in the room")
                }
                guard directory.isHeard(opened.sender) else {
                    throw ReceiverKeys.unreadable("you do not trust the key of \(opened.from)")
                }
                if !isOnline { missedCount += 1 }
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
    func ownMessage(_ entry: WireEntry) -> [UInt8]? {
        guard let keys, let signed = try? WireSigned(serializedBytes: entry.body),
            signed.session == keys.certificate.session.data,
            let content = try? WireMessageContent(serializedBytes: signed.content)
        else { return nil }
        return Array(content.id)
    }

    /// A sender signed what it saw: if that is not what was shown here, the server shows
    /// different people different logs.
    func checkSeen(_ opened: ReceiverKeys.Opened) throws(ChatError) {
        guard let hash = remembered[opened.seen.seq], hash != opened.seen.hash else { return }
        throw MemberDirectory.fork("\(opened.from) saw another log of this room")
    }

    func shown(
        _ opened: ReceiverKeys.Opened,
        _ entry: WireEntry,
        isReplay: Bool
    ) -> ChatMessage {
        ChatMessage(
            room: setup.room,
            from: opened.from,
            text: opened.text,
            seq: entry.seq,
            time: entry.time,
            id: opened.id,
            isReplay: isReplay
        )
    }

    mutating func learn(_ entry: WireEntry) {
        receiver.learn(entry, directory: directory, revocations: revocations)
    }

    mutating func remember(_ position: LogPosition) {
        remembered[position.seq] = position.hash
        if position.seq >= UInt64(ClientMachine.rememberedPositionCount) {
            remembered[position.seq - UInt64(ClientMachine.rememberedPositionCount)] = nil
        }
    }

    mutating func takeEvent(_ entry: WireEntry) throws -> [ClientAction] {
        guard let event = try? WireEventContent(serializedBytes: entry.body),
            let what = RoomEvent(rawValue: event.what), let id = SHA256Digest(event.identity)
        else { return [] }
        if what == .revoked {
            let key = Revocations.Key(identity: id, version: Int(event.version))
            revocations[key] = min(revocations[key] ?? .max, entry.seq)
        }
        // Nothing is said before the registry has told what this changed.
        guard event.registryCount <= UInt64(ClientLimits.registryLineCount) else {
            throw ChatError.violation("it speaks of more lines than a registry has")
        }
        neededCount = max(neededCount, Int(event.registryCount))
        if what.changesMembership {
            // What is on its way was made for the members before this line: the server refuses
            // it, and it is sent again, in order, under its old ids.
            outbox.rewind()
            epoch = nil
        }
        return []
    }

    mutating func takeRejected(_ rejected: WireRejected) -> [ClientAction] {
        // `stale` resolves itself: the change that caused it comes, or came, with the log.
        guard rejected.code != ChatError.Code.stale.rawValue else { return [] }
        let error = ServerWords.rejection(rejected)
        if rejected.id.isEmpty { answersDue = max(0, answersDue - 1) }
        guard let message = outbox.remove(Array(rejected.id)) else { return [.show(.error(error))] }
        return [.show(.refused(error, id: message.id, reference: message.reference))]
    }

    static func unreadable(_ count: Int) -> ChatError {
        ChatError(
            .unreadable,
            "\(count) earlier messages cannot be read with your keys",
            hint:
                "they were sent before you were a member, or the server does not keep them any more"
        )
    }
}
