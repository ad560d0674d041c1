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

/// Judging logins, and the first frames of an admitted session.
extension Engine {
    /// Judges a login; `isWaiting` says that it already waited for the home's lock.
    mutating func login(
        _ port: any SessionPort,
        _ request: LoginRequest,
        isWaiting: Bool = false
    ) {
        guard !port.isGone else { return }  // the client hung up
        do {
            reload()  // so that a person who was just registered is known
            let certificate = try SessionCertificate(der: request.certificate, use: .client)
            // No signature is verified for a login that would have to wait for the home's lock.
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

    /// Returns the member that a login proves; `nil` if its statements wait for the home's lock.
    ///
    /// A login is judged by the registry with the client's own statements applied. They are stored
    /// only if the login succeeds, so an unknown client changes nothing.
    private mutating func judge(
        _ certificate: SessionCertificate,
        _ request: LoginRequest
    ) throws(ChatError) -> Admission.Member? {
        let followed = followed(request)
        let member: Admission.Member
        do {
            member = try admission.judge(certificate, registry: followed.state, at: clock.now)
        } catch {
            // A client may send another identity's statements with its own certificate. Verifying
            // them costs work, so it counts as a failure.
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

    /// Stores the statements of a client that may log in, and judges the login again by the stored
    /// registry.
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
            // The certificate proved the key, so its holder may learn why the statements were
            // refused.
            guard error.code == .notAdmitted, case .refused(let refusal) = kept else {
                throw error
            }
            throw Admission.refusedStatements(refusal)
        }
    }

    /// Admits a session: the registry's new lines and the welcome are its first frames.
    private mutating func admit(
        _ member: Admission.Member,
        _ certificate: SessionCertificate,
        _ port: any SessionPort,
        _ hello: WireHello
    ) throws {
        // The members do not have this name yet, because the registry's last lines are not
        // published.
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

    /// Returns the position after which delivery begins.
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
            // The client has seen entries that the store lost. That is damage, and must not look
            // like a fork.
            throw ChatError(
                .unavailable,
                "the server's store is damaged: it lost messages that you have seen",
                hint: "ask the server's admin, who restores it from a backup"
            )
        }
        return LogPosition(seq: seq, hash: hash)
    }

    /// Returns the sequence number at which a member was registered.
    ///
    /// It is looked up under each of the member's keys, because a key that was imported after a
    /// rotation does not give the identity's id.
    func joinedSeq(of id: SHA256Digest) -> UInt64? {
        guard let identity = keystore.registry.state.identity(id: id) else { return nil }
        return identity.versions.compactMap {
            room.joinedSeq(of: SHA256Digest(hashing: $0.keyDER))
        }.min()
    }

    /// Returns the epochs of the connected sessions.
    ///
    /// A client that connects again needs their announcements even if it missed no entry.
    private func epochsInUse() -> [SessionEpoch] {
        sessions.names.compactMap { session in
            room.log.place(of: session).map { SessionEpoch(session: session, number: $0.epoch) }
        }
    }

    /// Returns the lines of the published registry from `count` on, in frames; the last one has the
    /// checkpoint.
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
