import ChatProtocol
import CryptoCore
import Failures
import Foundation
import KeyFormats
import Keystore
import Logging
import NIOCore
import Registry
import SwiftProtobuf

/// Who gets in, and what is said first.
extension Engine {
    /// Judges a login; `isWaiting` says that it waited for the home's lock before.
    mutating func login(
        _ port: any SessionPort,
        _ request: LoginRequest,
        isWaiting: Bool = false
    ) {
        guard !port.isGone else { return }  // it hung up: nothing is spent on it
        do {
            reload()  // somebody who was registered a moment ago gets in
            let certificate = try SessionCertificate(der: request.certificate, use: .client)
            // Nothing is verified for a login that would have to wait for the home anyway.
            let mustWait = try isWaiting && !isHomeFree()
            guard !mustWait, let member = try judge(certificate, request) else {
                return waitingLogins.append((port, request))
            }
            try admit(member, certificate, port, request.hello)
            problems.end(.reading)
        } catch let error as ChatError {
            refusalLines.add(error.codeName, logger, at: clock.steady())
            port.tell(.refuse(error))
        } catch {
            problems.begin(.reading, error)
            Engine.dismiss(port, "the server cannot read its store at the moment")
        }
    }

    /// The member that a login proves; `nil` where its statements wait for the home's lock.
    ///
    /// A login is judged by what the client's own statements would make of the registry; they are
    /// kept only when it is let in, so that a stranger's change nothing.
    private mutating func judge(
        _ certificate: SessionCertificate,
        _ request: LoginRequest
    ) throws(ChatError) -> Admission.Member? {
        let followed = followed(request)
        let member: Admission.Member
        do {
            member = try admission.judge(certificate, registry: followed.state, at: clock.now)
        } catch {
            // Others' statements, with a certificate that does not fit them, cost work too.
            if !followed.statements.isEmpty { budget.fail(request.prefix, at: clock.steady()) }
            throw error
        }
        guard request.hello.room == Engine.roomName else { throw ServerRoom.noSuchRoom }
        guard sessions.count(of: member.identity) < ServerLimits.sessionsPerMember else {
            throw Admission.tooManySessions
        }
        guard !followed.statements.isEmpty else { return member }
        return try judge(certificate, keeping: followed.statements, of: member.identity)
    }

    /// Keeps the statements of somebody who may come in, and judges again by what is kept.
    private mutating func judge(
        _ certificate: SessionCertificate,
        keeping statements: [Statement],
        of identity: SHA256Digest
    ) throws(ChatError) -> Admission.Member? {
        let kept = keep(statements, of: identity)
        if case .homeIsBusy = kept { return nil }
        reload()
        let registry = keystore.registry.state
        do {
            return try admission.judge(certificate, registry: registry, at: clock.now)
        } catch {
            // The certificate proved the key: its holder may hear what is wrong with it.
            guard error.code == .notAdmitted, case .refused(let refusal) = kept else {
                throw error
            }
            throw Admission.refusedStatements(refusal)
        }
    }

    /// Lets somebody in: the registry's news and the welcome come first.
    private mutating func admit(
        _ member: Admission.Member,
        _ certificate: SessionCertificate,
        _ port: any SessionPort,
        _ hello: WireHello
    ) throws {
        // Members were not told of it yet: their registry would not have its name.
        guard published.state.isMember(member.name, ofRoom: Engine.roomName) else {
            return Engine.dismiss(port, "the server cannot announce you to its members yet")
        }
        let session = certificate.session
        let start = try start(of: member, hello)
        let place = try store.place(of: session)
        let updates = try registryUpdates(from: hello.registryCount)
        problems.end(.updates)
        var frames = ByteBuffer()
        for update in updates { frames.writeBytes(FrameCodec.encode(update)) }
        frames.writeBytes(FrameCodec.encode(welcome(member, start)))
        room.enter(session, place: place)
        sessions.add(
            EngineSession(
                port: port,
                member: member,
                name: session,
                end: clock.steady() + certificate.certificate.remainingSeconds * 1_000
            )
        )
        whoFrame = nil
        logger.info("login", metadata: ["user": "\(member.name)"])
        port.tell(
            .admit(frames, after: start.seq, head: room.head.seq, speaking: epochsInUse())
        )
    }

    private func welcome(_ member: Admission.Member, _ start: LogPosition) -> WireFrame {
        .with {
            $0.welcome = .with {
                $0.user = member.name.description
                $0.room = Engine.roomName
                $0.head = room.head.wire
                $0.start = start.wire
                $0.historyLimit = UInt32(clamping: configuration.historyCount)
                $0.retention = configuration.retentionText
                $0.revocations = room.revocations
            }
        }
    }

    /// Where delivery begins.
    private func start(of member: Admission.Member, _ hello: WireHello) throws -> LogPosition {
        let seq: UInt64
        if hello.hasCursor {
            seq = min(hello.cursor.seq, room.head.seq)
        } else if hello.atHead {
            seq = room.head.seq
        } else {
            let known = try store.cursor(of: member.identity) ?? joinedSeq(of: member.identity)
            seq = min(known ?? room.head.seq, room.head.seq)
        }
        let hash = seq == room.head.seq ? room.head.hash : try store.hash(at: seq)
        guard let hash else { throw ServerError.damagedStore }
        if case .damaged = storeState, hello.hasCursor,
            hello.cursor.seq > seq || hello.cursor.hash != hash.data
        {
            // It saw what the store lost. That is no other history, and must not look like one.
            throw ChatError(
                .unavailable,
                "the server's store is damaged: it lost messages that you have seen",
                hint: "ask the server's admin, who restores it from a backup"
            )
        }
        return LogPosition(seq: seq, hash: hash)
    }

    /// Where a member was registered: under the id of any of its keys, as a key that is imported
    /// after a rotation does not tell the identity's beginning yet.
    func joinedSeq(of id: SHA256Digest) -> UInt64? {
        guard let identity = keystore.registry.state.identity(id: id) else { return nil }
        return identity.versions.compactMap {
            room.joinedSeq(of: SHA256Digest(hashing: $0.keyDER))
        }.min()
    }

    /// The epochs of those who are speaking now: a client that comes back without having missed
    /// anything has lost their announcements all the same.
    private func epochsInUse() -> [SessionEpoch] {
        sessions.names.compactMap { session in
            room.log.place(of: session).map { SessionEpoch(session: session, number: $0.epoch) }
        }
    }

    /// Lines of the published registry from `count` on, in frames; the last one has the checkpoint.
    func registryUpdates(from count: UInt64) throws -> [WireFrame] {
        let start = Int(min(count, UInt64(published.count)))
        let lines = try published.lines(start..<published.count)
        var position = 0
        var updates: [WireFrame] = []
        repeat {
            var update = WireRegistryUpdate()
            update.from = UInt64(start + position)
            var byteCount = 0
            while position < lines.count, byteCount < ServerLimits.pageByteCount {
                byteCount += lines[position].count
                update.lines.append(Data(lines[position]))
                position += 1
            }
            if position == lines.count { update.checkpoint = Data(checkpoint) }
            updates.append(.with { $0.registryUpdate = update })
        } while position < lines.count
        return updates
    }
}
