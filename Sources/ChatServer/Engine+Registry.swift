import ChatProtocol
import CryptoCore
import KeyFormats
import Keystore
import Logging
import Registry
import SwiftProtobuf

/// What changes in registry and keystore while the server runs.
extension Engine {
    /// Makes what changed in registry and keystore count, without a restart.
    mutating func reload() throws {
        try keystore.refresh()
        do { try identity.renewIfOld() } catch {
            logger.error("the server's certificate could not be renewed: \(Engine.text(error))")
        }
        endOldSessions()
        try makeAdmins()
        guard keystore.registry.count > registryCount else { return }
        let (known, place) = (registryCount, room.head.seq)
        for line in try keystore.registry.lines(known..<keystore.registry.count) {
            registryCount += 1
            try addEvent(Statement(line: line), registryCount: registryCount)
        }
        pending.batch.registryCount = registryCount
        try signCheckpoint()
        try announceRegistry(from: UInt64(known), after: place)
        for session in sessions.values {
            guard let why = admission.mayStay(session.member, registry: keystore.registry.state)
            else { continue }
            logger.info("session ended", metadata: ["user": "\(session.member.name)"])
            session.reference.run { $0.refuse(why) }
        }
        try commit()
    }

    func endOldSessions() {
        let now = Timestamp.now
        let frame = SessionHandler.encode(
            .with {
                $0.bye.code = "restart"
                $0.bye.message = "a session ends after one day"
            }
        )
        for session in sessions.values where session.expires < now {
            session.reference.run { $0.dismiss(frame) }
        }
    }

    static func text(_ error: any Error) -> String {
        (error as? any ReportableError)?.message ?? "\(error)"
    }

    mutating func makeAdmins() throws {
        let state = keystore.registry.state
        let missing = configuration.admins.filter { state.identity($0)?.role == .member }
        guard !missing.isEmpty else { return }
        try keystore.changeRegistry("role") { state in
            missing.filter { state.identity($0)?.role == .member }
                .map { Statement(.assign(name: $0, role: .admin), time: .now) }
        }
    }

    mutating func addEvent(_ statement: Statement, registryCount: Int) throws {
        guard let subject = keystore.registry.state.subject(of: statement) else { return }
        if subject.id == identity.chat {
            if case .rotate = statement.act {
                // `rotate` in another process keeps the data key: no passphrase is needed.
                do {
                    try identity.renew(keystore.reopen(identity.unlocked))
                    logger.notice("the server's key was rotated")
                } catch {
                    logger.error("the rotated key needs a restart: \(Engine.text(error))")
                }
            }
            return
        }
        guard let what = RoomEvent(statement, room: Engine.roomName) else { return }
        let event = WireEventContent.with {
            $0.what = what.rawValue
            $0.name = subject.name.description
            $0.identity = subject.id.data
            $0.version = UInt32(
                keystore.registry.state.subjectVersion(of: statement) ?? subject.latest.number
            )
            $0.registryCount = UInt64(registryCount)
        }
        let before = room.head
        let (entry, position) = room.append(
            event: event,
            changesMembership: what.changesMembership,
            at: Engine.milliseconds()
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

    mutating func signCheckpoint() throws {
        let key = try identity.unlocked.signingKey(at: .now)
        checkpoint = try Checkpoint(owner: identity.chat, tree: keystore.registry.tree)
            .note(signedBy: key)
        try CheckpointFile.write(checkpoint, home: keystore.home)
    }

    func announceRegistry(from count: UInt64, after seq: UInt64) throws {
        for update in try registryUpdates(from: count) {
            let frame = SessionHandler.encode(update)
            for hub in hubs { hub.run { $0.announce(frame, after: seq) } }
        }
    }
}
