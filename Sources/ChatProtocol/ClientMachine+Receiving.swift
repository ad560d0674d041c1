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

    mutating func takeRegistry(_ update: WireRegistryUpdate) throws -> [ClientAction] {
        guard let serverKey else {
            throw ChatError.violation("it sent a registry before the TLS handshake")
        }
        let known = directory.tree.count
        let previous = directory
        guard let (fresh, key) = try directory.take(update, serverKey: serverKey) else { return [] }
        self.serverKey = key
        isRegistryKnown = true
        var actions: [ClientAction] =
            fresh.isEmpty && !isFirstLogin
            ? [] : [.keepRegistry(after: known, fresh, note: Array(update.checkpoint))]
        // What is told comes from the signed registry itself, so that nobody is added unseen.
        for statement in fresh where !isFirstLogin {
            guard let subject = directory.mirror.subject(of: statement), subject.id != setup.chat
            else { continue }
            guard let event = RoomEvent(statement, room: setup.room) else { continue }
            let text = event.text(
                statement,
                subject.name,
                version: directory.mirror.subjectVersion(of: statement)
                    ?? subject.latest.number
            )
            actions.append(.show(.notice(text: text, time: statement.time.seconds * 1000)))
        }
        // What is said from now on opens with the keys of now, and with none that went, whatever
        // the room's log tells of it, or keeps from us.
        let now = Timestamp.now
        if previous.audience(at: now) != directory.audience(at: now) { epoch = nil }
        // A group that was made of some excludes others, whom no line names.
        let untold = previous.members.subtracting(directory.members)
            .subtracting(fresh.compactMap(\.name)).map(\.description).sorted()
        let join = fresh.first { statement in
            if case .join(let group, _) = statement.act {
                group.description == setup.room
            } else {
                false
            }
        }
        if let join, !untold.isEmpty {
            let text =
                "the room is for the group \(setup.room) only from now on, without "
                + Printable.text(untold.joined(separator: ", "), limit: 200)
            actions.append(.show(.notice(text: text, time: join.time.seconds * 1000)))
        }
        isFirstLogin = false
        for name in directory.mismatches where reported.insert(name).inserted {
            actions.append(
                .show(
                    .error(
                        ChatError(
                            .keyMismatch,
                            "the server shows another key for \"\(name)\" than the one you "
                                + "imported: "
                                + "messages to and from \(name) are blocked",
                            hint: "compare fingerprints with \(name) in person (keyctl show "
                                + "\(name)); then keyctl import --replace, or tell the admin"
                        )
                    )
                )
            )
        }
        return actions
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
        state = head.seq == start.seq ? .online : .catchingUp(to: head.seq)
        return [
            .show(
                .ready(
                    user: setup.user.description,
                    server: setup.serverName.description,
                    rooms: [setup.room],
                    retention: Printable.text(welcome.retention, limit: 200)
                )
            )
        ]
    }

    mutating func takeEntries(_ stretch: WireEntries) throws -> [ClientAction] {
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

    mutating func takeEntry(_ entry: WireEntry) throws -> [ClientAction] {
        switch entry.kind {
        case .keys:
            learn(entry)
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
                // Before the login, whoever said it may have been a member then.
                guard entry.seq <= loginHead || directory.speaks(opened.sender) else {
                    throw ReceiverKeys.unreadable("\(opened.from) is not in the room")
                }
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

    mutating func takeEvent(_ entry: WireEntry) -> [ClientAction] {
        guard let event = try? WireEventContent(serializedBytes: entry.body),
            let what = RoomEvent(rawValue: event.what), let id = SHA256Digest(event.identity)
        else { return [] }
        if what == .revoked {
            let key = Revocations.Key(identity: id, version: Int(event.version))
            revocations[key] = min(revocations[key] ?? .max, entry.seq)
        }
        // Nothing is said before the registry has told what this changed.
        neededCount = max(neededCount, Int(clamping: event.registryCount))
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
        let error = ChatError(
            ChatError.Code(rawValue: rejected.code) ?? .invalidMessage,
            Printable.text(rejected.message, limit: 200),
            hint: rejected.hint.isEmpty ? nil : Printable.text(rejected.hint, limit: 200)
        )
        if rejected.id.isEmpty { answersDue = max(0, answersDue - 1) }
        _ = outbox.acknowledge(Array(rejected.id))
        return [.show(.error(error))]
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
