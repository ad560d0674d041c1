import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Keystore
import Logging
import NIOCore
import Registry
import SwiftProtobuf

/// The one writer: judges logins, orders messages, commits them in groups, and only then tells
/// anybody. Lives in one task; events come from its mailbox.
struct Engine {
    /// An admitted session.
    private struct Session {
        let reference: SessionReference
        let member: Admission.Member
        let session: SHA256Digest
        let expires: Timestamp
    }

    /// What waits for the next commit.
    private struct Pending {
        var batch = StoreBatch()
        var ids: [[UInt8]: UInt64] = [:]
        var replies: [(SessionReference, WireFrame)] = []
        var completed: [UInt64: (SessionReference, Int)] = [:]
        var previous: LogPosition?
    }

    private let configuration: ServerConfiguration
    private let identity: ServerIdentity
    private let store: any ChatStore
    private let hubs: [LoopHubReference]
    private let logger: Logger
    private let admission: Admission
    private var keystore: Keystore
    private var registryCount: Int
    private var checkpoint: [UInt8]
    private var room: ServerRoom
    private var revocations: [WireRevoked]
    private var joined: [SHA256Digest: UInt64]
    private var sessions: [UInt64: Session] = [:]
    private var pending = Pending()

    static let roomName = "lobby"
    private static let pageByteCount = 512 << 10

    init(
        configuration: ServerConfiguration,
        identity: ServerIdentity,
        keystore: Keystore,
        store: any ChatStore,
        hubs: [LoopHubReference],
        logger: Logger
    ) throws {
        self.configuration = configuration
        self.identity = identity
        self.keystore = keystore
        self.store = store
        self.hubs = hubs
        self.logger = logger
        admission = Admission(chat: identity.chat)
        let stored = try store.load()
        registryCount = stored?.registryCount ?? 0
        room = ServerRoom(
            chat: identity.chat,
            name: Engine.roomName,
            head: stored?.head
                ?? LogPosition.beginning(chat: identity.chat, room: Engine.roomName),
            lastMembershipSeq: stored?.lastMembershipSeq ?? 0,
            lastTime: stored?.lastTime ?? 0
        )
        revocations = stored?.revocations ?? []
        joined = stored?.joined ?? [:]
        checkpoint = []
        guard registryCount <= keystore.registry.lines.count else {
            throw ServerError.registryShrank
        }
        try signCheckpoint()
        try reload()
        try commit()
    }

    /// Deals with what waits, in order; returns whether the server goes on.
    mutating func process(_ events: [EngineEvent]) throws -> Bool {
        for event in events {
            if case .publish(let reference, let publish) = event {
                try take(publish, from: reference)
                continue
            }
            // Everything else sees a log that is committed up to here.
            try commit()
            switch event {
            case .publish: continue
            case .login(let reference, let certificate, let hello):
                try login(reference, certificate, hello)
            case .page(let reference, let seq): try sendPage(to: reference, after: seq)
            case .history(let reference, let count): try sendHistory(to: reference, count)
            case .who(let reference): sendWho(to: reference)
            case .received(let reference, let seq): take(seq, from: reference)
            case .shutdown(let reference):
                if try shutDown(reference) { return false }
            case .left(let reference): leave(reference)
            case .reload: try reload()
            case .prune: try prune()
            case .stop:
                try stop(code: "restart", "the server stops; it may come back")
                return false
            }
        }
        try commit()
        return true
    }

    // MARK: Logging in

    private mutating func login(
        _ reference: SessionReference, _ der: [UInt8], _ hello: WireHello
    ) throws {
        do {
            try reload()  // whoever was registered a moment ago gets in
            let certificate = try SessionCertificate(der: der, use: .client)
            try follow(hello.statements)
            let member = try admission.judge(
                certificate, registry: keystore.registry.state, at: .now
            )
            guard hello.room == room.name else { throw ServerRoom.noSuchRoom }
            try commit()
            try admit(member, certificate, reference, hello)
        } catch let error as ChatError {
            logger.info("login refused", metadata: ["code": "\(error.codeName)"])
            reference.run { $0.refuse(error) }
        }
    }

    /// A client's own statements: they count only by their signatures, so they may come from
    /// anybody.
    private mutating func follow(_ lines: [Data]) throws {
        guard !lines.isEmpty, lines.count <= RegistryState.largestChainCount else { return }
        let chain = lines.compactMap { try? Statement(line: Array($0)) }
        guard chain.count == lines.count,
            let added = try? keystore.registry.state.statementsToFollow(chain), !added.isEmpty
        else { return }
        try keystore.changeRegistry { state in
            (try? state.statementsToFollow(chain)) ?? []
        }
        try reload()
    }

    private mutating func admit(
        _ member: Admission.Member,
        _ certificate: SessionCertificate,
        _ reference: SessionReference,
        _ hello: WireHello
    ) throws {
        let session = certificate.session
        room.enter(session, place: try store.place(of: session))
        sessions[reference.id] = Session(
            reference: reference,
            member: member,
            session: session,
            expires: Timestamp(seconds: Timestamp.now.seconds + SessionCertificate.lifetimeSeconds)
        )
        let start: UInt64
        if hello.hasCursor {
            start = min(hello.cursor.seq, room.head.seq)
        } else {
            let seq = try store.cursor(of: member.identity) ?? joined[member.identity]
            start = min(seq ?? room.head.seq, room.head.seq)
        }
        guard let hash = try store.hash(at: start) else { throw ServerError.damagedStore }
        let welcome = WireFrame.with {
            $0.welcome = .with {
                $0.user = member.name.description
                $0.room = room.name
                $0.head = room.head.wire
                $0.start = LogPosition(seq: start, hash: hash).wire
                $0.historyLimit = UInt32(configuration.historyCount)
                $0.retention = configuration.retentionText
                $0.revocations = revocations
            }
        }
        var frames = ByteBuffer()
        for update in registryUpdates(from: hello.registryCount) {
            frames.writeBytes(FrameCodec.encode(update))
        }
        frames.writeBytes(FrameCodec.encode(welcome))
        let head = room.head.seq
        logger.info("login", metadata: ["user": "\(member.name)"])
        reference.run { [frames] in $0.admitted(frames, after: start, head: head) }
    }

    private func registryUpdates(from count: UInt64) -> [WireFrame] {
        let lines = keystore.registry.lines
        var position = Int(min(count, UInt64(lines.count)))
        var updates: [WireFrame] = []
        repeat {
            var update = WireRegistryUpdate()
            update.from = UInt64(position)
            var byteCount = 0
            while position < lines.count, byteCount < Engine.pageByteCount {
                byteCount += lines[position].count
                update.lines.append(Data(lines[position]))
                position += 1
            }
            if position == lines.count { update.checkpoint = Data(checkpoint) }
            updates.append(.with { $0.registryUpdate = update })
        } while position < lines.count
        return updates
    }

    private mutating func leave(_ reference: SessionReference) {
        guard let left = sessions.removeValue(forKey: reference.id) else { return }
        // The same session may be back already on another connection.
        if !sessions.values.contains(where: { $0.session == left.session }) {
            room.leave(left.session)
        }
    }

    // MARK: Messages

    private mutating func take(_ publish: WirePublish, from reference: SessionReference) throws {
        pending.completed[reference.id, default: (reference, 0)].1 += 1
        guard let session = sessions[reference.id] else { return }
        var id: [UInt8] = []
        do {
            let claim = try room.claim(publish, from: session.session)
            id = claim.id
            // A repeated id is looked up first: it is acknowledged whatever came after it.
            if let seq = try pending.ids[id] ?? store.sequence(ofID: id) {
                pending.replies.append(
                    (
                        reference,
                        .with {
                            $0.accepted = .with {
                                $0.id = Data(id)
                                $0.seq = seq
                            }
                        }
                    )
                )
                return
            }
            let before = room.head
            let (entry, position) = try room.append(
                claim, from: session.session, at: Engine.milliseconds()
            )
            append(
                StoredEntry(
                    entry: entry, hash: position.hash, id: id, session: session.session,
                    epoch: claim.epoch, index: claim.index
                ),
                after: before
            )
            pending.ids[id] = entry.seq
        } catch let error as ChatError {
            pending.replies.append(
                (
                    reference,
                    .with {
                        $0.rejected = .with {
                            $0.id = Data(id)
                            $0.code = error.codeName
                            $0.message = error.message
                            $0.hint = error.hint ?? ""
                        }
                    }
                )
            )
        }
    }

    private mutating func append(_ entry: StoredEntry, after position: LogPosition) {
        if pending.previous == nil { pending.previous = position }
        pending.batch.entries.append(entry)
    }

    private static func milliseconds() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// Writes what waits, then tells everybody. Nobody hears of an entry that is not on disk.
    private mutating func commit() throws {
        let done = pending
        pending = Pending()
        if !done.batch.isEmpty { try store.commit(done.batch) }
        if let previous = done.previous { broadcast(done.batch.entries, after: previous) }
        for (reference, frame) in done.replies {
            let bytes = SessionHandler.encode(frame)
            reference.run { $0.send(bytes) }
        }
        for (reference, count) in done.completed.values { reference.run { $0.completed(count) } }
    }

    private func broadcast(_ entries: [StoredEntry], after previous: LogPosition) {
        var frames = ByteBuffer()
        var before = previous.hash
        var stretch = WireEntries.with { $0.previous = before.data }
        var byteCount = 0
        for stored in entries {
            if byteCount > Engine.pageByteCount {
                frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
                stretch = WireEntries.with { $0.previous = before.data }
                byteCount = 0
            }
            stretch.entries.append(stored.entry)
            byteCount += stored.entry.body.count + 100
            before = stored.hash
        }
        frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
        let first = previous.seq + 1
        let last = room.head.seq
        for hub in hubs { hub.run { [frames] in $0.deliver(frames, from: first, to: last) } }
    }

    // MARK: Reading

    private func encoded(
        _ entries: [StoredEntry], after seq: UInt64
    ) throws -> WireEntries {
        guard let hash = try store.hash(at: seq) else { throw ServerError.damagedStore }
        let keys = try store.announcements(for: entries, before: seq + 1)
        return .with {
            $0.previous = hash.data
            $0.entries = entries.map(\.entry)
            $0.keys = keys.map(\.entry)
        }
    }

    private func sendPage(to reference: SessionReference, after seq: UInt64) throws {
        guard sessions[reference.id] != nil else { return }
        let entries = try store.page(after: seq, through: room.head.seq)
        guard let last = entries.last?.entry.seq else { return }
        let stretch = try encoded(entries, after: seq)
        let frame = SessionHandler.encode(.with { $0.entries = stretch })
        reference.run { $0.page(frame, last: last) }
    }

    private func sendHistory(to reference: SessionReference, _ count: Int) throws {
        defer { reference.run { $0.completed(1) } }
        guard sessions[reference.id] != nil else { return }
        let wanted = count == 0 ? configuration.historyCount : count
        let head = room.head.seq
        var seq = try store.start(
            ofLast: min(wanted, ClientMachine.largestHistoryCount), through: head
        )
        while seq < head {
            let entries = try store.page(after: seq, through: head)
            guard let last = entries.last?.entry.seq else { break }
            let stretch = try encoded(entries, after: seq)
            let frame = SessionHandler.encode(.with { $0.history.stretch = stretch })
            reference.run { $0.send(frame) }
            seq = last
        }
        let end = SessionHandler.encode(.with { $0.history.last = true })
        reference.run { $0.send(end) }
    }

    private func sendWho(to reference: SessionReference) {
        let online = Set(sessions.values.map(\.member.name))
        let members = keystore.registry.state.members.map(\.name).sorted()
        let frame = SessionHandler.encode(
            .with {
                $0.who.online = members.filter(online.contains).map(\.description)
                $0.who.offline = members.filter { !online.contains($0) }.map(\.description)
            }
        )
        reference.run {
            $0.send(frame)
            $0.completed(1)
        }
    }

    private mutating func take(_ seq: UInt64, from reference: SessionReference) {
        pending.completed[reference.id, default: (reference, 0)].1 += 1
        guard let session = sessions[reference.id], seq <= room.head.seq else { return }
        pending.batch.cursors[session.member.identity] = seq
    }

    // MARK: The registry

    /// Makes what changed in registry and keystore count, without a restart.
    private mutating func reload() throws {
        try keystore.refresh()
        try identity.renewIfOld()
        endOldSessions()
        guard keystore.registry.lines.count > registryCount else { return }
        try makeAdmins()
        let lines = keystore.registry.lines
        let known = registryCount
        for index in known..<lines.count {
            try addEvent(Statement(line: lines[index]), registryCount: index + 1)
        }
        registryCount = lines.count
        pending.batch.registryCount = registryCount
        try signCheckpoint()
        announceRegistry(from: UInt64(known))
        for session in sessions.values {
            guard let why = admission.mayStay(session.member, registry: keystore.registry.state)
            else { continue }
            logger.info("session ended", metadata: ["user": "\(session.member.name)"])
            session.reference.run { $0.refuse(why) }
        }
        try commit()
    }

    private func endOldSessions() {
        let now = Timestamp.now
        for session in sessions.values where session.expires < now {
            session.reference.run {
                $0.refuse(ChatError(.clock, "this session is a day old", hint: "log in again"))
            }
        }
    }

    private mutating func makeAdmins() throws {
        let state = keystore.registry.state
        let missing = configuration.admins.filter { state.identity($0)?.role == .member }
        guard !missing.isEmpty else { return }
        try keystore.changeRegistry { state in
            missing.filter { state.identity($0)?.role == .member }
                .map { Statement(.assign(name: $0, role: .admin), time: .now) }
        }
    }

    private mutating func addEvent(_ statement: Statement, registryCount: Int) throws {
        guard let subject = keystore.registry.state.subject(of: statement) else { return }
        if subject.id == identity.chat {
            if case .rotate = statement.act {
                // `rotate` in another process keeps the data key: no passphrase is needed.
                try identity.renew(keystore.reopen(identity.unlocked))
                logger.notice("the server's key was rotated")
            }
            return
        }
        let what = RoomEvent(statement)
        let event = WireEventContent.with {
            $0.what = what.rawValue
            $0.name = subject.name.description
            $0.identity = subject.id.data
            $0.version = UInt32(statement.subjectVersion ?? subject.latest.number)
            $0.registryCount = UInt64(registryCount)
        }
        let before = room.head
        let (entry, position) = room.append(
            event: event, changesMembership: what.changesMembership, at: Engine.milliseconds()
        )
        append(StoredEntry(entry: entry, hash: position.hash, event: event), after: before)
        if what == .joined || what == .replaced { joined[subject.id] = position.seq }
        if what == .revoked {
            revocations.append(
                .with {
                    $0.identity = subject.id.data
                    $0.version = event.version
                    $0.seq = position.seq
                }
            )
        }
    }

    private mutating func signCheckpoint() throws {
        let key = try identity.unlocked.signingKey(at: .now)
        checkpoint = try Checkpoint(owner: identity.chat, tree: keystore.registry.tree)
            .note(signedBy: key)
        try CheckpointFile.write(checkpoint, home: keystore.home)
    }

    private func announceRegistry(from count: UInt64) {
        for update in registryUpdates(from: count) {
            let frame = SessionHandler.encode(update)
            for hub in hubs { hub.run { $0.announce(frame) } }
        }
    }

    // MARK: Ending

    private mutating func shutDown(_ reference: SessionReference) throws -> Bool {
        guard let session = sessions[reference.id] else { return false }
        guard keystore.registry.state.identity(session.member.name)?.role == .admin else {
            let frame = SessionHandler.encode(
                .with {
                    $0.rejected.code = ChatError.Code.forbidden.rawValue
                    $0.rejected.message = "only an admin may shut the server down"
                    $0.rejected.hint = "start the server with --admin \(session.member.name)"
                }
            )
            reference.run {
                $0.send(frame)
                $0.completed(1)
            }
            return false
        }
        logger.notice("shutdown", metadata: ["user": "\(session.member.name)"])
        try stop(code: "shutdown", "\(session.member.name) shut the server down")
        return true
    }

    private mutating func stop(code: String, _ text: String) throws {
        try commit()
        let frame = SessionHandler.encode(
            .with {
                $0.bye.code = code
                $0.bye.message = text
            }
        )
        for session in sessions.values { session.reference.run { $0.dismiss(frame) } }
    }

    private func prune() throws {
        let day: Int64 = 86_400_000
        try store.prune(
            PruneRule(
                historyCount: configuration.historyCount,
                oldestTime: Engine.milliseconds() - Int64(configuration.retentionDays) * day,
                largestByteCount: configuration.retentionMiB << 20,
                members: keystore.registry.state.members.map(\.id),
                liveSessions: sessions.values.map(\.session)
            )
        )
    }
}
