import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Keystore
import Logging
import NIOCore
import Registry
import SwiftProtobuf

/// Who gets in, and what is said first.
extension Engine {
    mutating func login(
        _ reference: SessionReference,
        _ der: [UInt8],
        _ hello: WireHello
    ) throws {
        do {
            try reload()  // whoever was registered a moment ago gets in
            let certificate = try SessionCertificate(der: der, use: .client)
            // Judged by what the client's own statements would make of the registry; they are
            // kept only when it is let in, so that a stranger's change nothing.
            let (state, chain) = followed(hello.statements)
            var member = try admission.judge(certificate, registry: state, at: .now)
            guard hello.room == room.name else { throw ServerRoom.noSuchRoom }
            if !chain.isEmpty {
                // Whatever keeps it from being followed, the registry as it is judges the login.
                let refusal = follow(chain)
                try reload()
                do {
                    member = try admission.judge(
                        certificate,
                        registry: keystore.registry.state,
                        at: .now
                    )
                } catch {
                    // The certificate proved the key: its holder may hear what is wrong with it.
                    guard error.code == .notAdmitted, let refusal else { throw error }
                    throw Admission.refusedStatements(refusal)
                }
            }
            try admit(member, certificate, reference, hello)
        } catch let error as ChatError {
            logger.info("login refused", metadata: ["code": "\(error.codeName)"])
            reference.run { $0.refuse(error) }
        }
    }

    /// Takes in a client's own statements; returns why not all of them.
    private mutating func follow(_ chain: [Statement]) -> (any ReportableError)? {
        do { return try keystore.follow(chain, as: "follow", work: .login).refusal } catch {
            logger.error("statements were not accepted: \(Engine.text(error))")
            return error as? any ReportableError
        }
    }

    /// The registry as a client's own statements would make it, and those that are news.
    func followed(_ lines: [Data]) -> (RegistryState, [Statement]) {
        let known = keystore.registry.state
        guard !lines.isEmpty, lines.count <= RegistryState.largestChainCount else {
            return (known, [])
        }
        let chain = lines.compactMap { try? Statement(line: Array($0)) }
        // What members logged for themselves is not for everybody's registry.
        let isOfKeys = chain.allSatisfy { if case .sign = $0.act { false } else { true } }
        guard chain.count == lines.count, isOfKeys, !isOfServer(chain) else { return (known, []) }
        let added = known.following(chain).statements
        guard !added.isEmpty else { return (known, []) }
        var state = known
        for statement in added { try? state.apply(statement) }
        return (state, chain)
    }

    /// Whether statements are about the server's own keys, which are its admin's affair.
    private func isOfServer(_ chain: [Statement]) -> Bool {
        let server = keystore.registry.state.identity(id: identity.chat)
        let keys = Set((server?.versions ?? []).compactMap(\.fingerprint))
        for statement in chain {
            if statement.identityID == identity.chat { return true }
            if let key = statement.revokedKey, keys.contains(key) { return true }
        }
        return false
    }

    mutating func admit(
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
            expires: Timestamp(
                seconds: Timestamp.now.seconds + certificate.certificate.remainingSeconds
            )
        )
        let start: UInt64
        if hello.hasCursor {
            start = min(hello.cursor.seq, room.head.seq)
        } else if hello.atHead {
            start = room.head.seq
        } else {
            let seq = try store.cursor(of: member.identity) ?? joinedSeq(of: member)
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
        for update in try registryUpdates(from: hello.registryCount) {
            frames.writeBytes(FrameCodec.encode(update))
        }
        frames.writeBytes(FrameCodec.encode(welcome))
        let speaking = try announcementsInUse(at: start)
        for stretch in Engine.stretches(keys: speaking, before: hash) {
            frames.writeBytes(FrameCodec.encode(.with { $0.entries = stretch }))
        }
        let head = room.head.seq
        logger.info("login", metadata: ["user": "\(member.name)"])
        reference.run { [frames] in $0.admitted(frames, after: start, head: head) }
    }

    /// Where a member was registered: under the id of any of its keys, as a key that is imported
    /// after a rotation does not tell the identity's beginning yet.
    func joinedSeq(of member: Admission.Member) -> UInt64? {
        guard let identity = keystore.registry.state.identity(id: member.identity) else {
            return nil
        }
        return identity.versions.compactMap { joined[SHA256Digest(hashing: $0.keyDER)] }.min()
    }

    /// The announcements of those who are speaking now: whoever comes back without having missed
    /// anything has lost them all the same.
    func announcementsInUse(at seq: UInt64) throws -> [StoredEntry] {
        let speaking = Set(sessions.values.map(\.session)).compactMap { session in
            room.place(of: session).map { (session, $0.epoch) }
        }
        return try store.announcements(of: speaking, before: seq + 1)
    }

    func registryUpdates(from count: UInt64) throws -> [WireFrame] {
        let start = Int(min(count, UInt64(keystore.registry.count)))
        let lines = try keystore.registry.lines(start..<keystore.registry.count)
        var position = 0
        var updates: [WireFrame] = []
        repeat {
            var update = WireRegistryUpdate()
            update.from = UInt64(start + position)
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

    mutating func leave(_ reference: SessionReference) {
        guard let left = sessions.removeValue(forKey: reference.id) else { return }
        // The same session may be back already on another connection.
        if !sessions.values.contains(where: { $0.session == left.session }) {
            room.leave(left.session)
        }
    }
}
