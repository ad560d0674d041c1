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
/// anybody.
///
/// Lives in one task; events come from its mailbox.
struct Engine {
    /// An admitted session.
    struct Session {
        let reference: SessionReference
        let member: Admission.Member
        let session: SHA256Digest
        let expires: Timestamp
    }

    /// What waits for the next commit.
    struct Pending {
        var batch = StoreBatch()
        var ids: [[UInt8]: UInt64] = [:]
        var replies: [(SessionReference, WireFrame)] = []
        var completed: [UInt64: (SessionReference, Int)] = [:]
        var previous: LogPosition?
    }

    let configuration: ServerConfiguration
    let identity: ServerIdentity
    let store: any ChatStore
    let hubs: [LoopHubReference]
    let logger: Logger
    let admission: Admission
    var keystore: Keystore
    var registryCount: Int
    var checkpoint: [UInt8]
    var room: ServerRoom
    var revocations: [WireRevoked]
    var joined: [SHA256Digest: UInt64]
    var sessions: [UInt64: Session] = [:]
    var pending = Pending()

    static let roomName = RegistryState.room
    static let pageByteCount = 512 << 10

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
        admission = Admission(chat: identity.chat, room: Engine.roomName)
        let stored = try store.load()
        registryCount = stored?.registryCount ?? 0
        room = ServerRoom(
            chat: identity.chat,
            name: Engine.roomName,
            head: stored?.head
                ?? LogPosition.beginning(chat: identity.chat, room: Engine.roomName),
            lastMembershipSeq: stored?.lastMembershipSeq ?? 0
        )
        revocations = stored?.revocations ?? []
        joined = stored?.joined ?? [:]
        checkpoint = []
        guard registryCount <= keystore.registry.count else {
            throw ServerError.registryShrank
        }
        try signCheckpoint()
        try reload()
        try commit()
    }

    /// Deals with what waits, in order; returns whether the server goes on.
    mutating func process(_ events: [EngineEvent]) throws -> Bool {
        for event in events {
            switch event {
            case .publish(let reference, let publish):
                try take(publish, from: reference)
                continue
            case .received(let reference, let seq):
                take(seq, from: reference)
                continue
            default: try commit()  // everything else sees a log that is committed up to here
            }
            switch event {
            case .publish, .received: continue
            case .login(let reference, let certificate, let hello):
                try login(reference, certificate, hello)
            case .page(let reference, let seq, let end):
                try sendPage(to: reference, after: seq, through: end)
            case .history(let reference, let count): try beginHistory(for: reference, count)
            case .historyPage(let reference, let seq, let head):
                try sendHistory(to: reference, after: seq, through: head)
            case .who(let reference): sendWho(to: reference)
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

    mutating func shutDown(_ reference: SessionReference) throws -> Bool {
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

    mutating func stop(code: String, _ text: String) throws {
        try commit()
        let frame = SessionHandler.encode(
            .with {
                $0.bye.code = code
                $0.bye.message = text
            }
        )
        for session in sessions.values { session.reference.run { $0.dismiss(frame) } }
    }

    /// Who is in the room.
    var members: [RegisteredIdentity] {
        keystore.registry.state.members(ofRoom: Engine.roomName)
    }

    func prune() throws {
        let day: Int64 = 86_400_000
        try store.prune(
            PruneRule(
                historyCount: configuration.historyCount,
                oldestTime: Engine.milliseconds() - Int64(configuration.retentionDays) * day,
                largestByteCount: configuration.retentionMiB << 20,
                members: members.map(\.id),
                liveSessions: sessions.values.map(\.session)
            )
        )
    }
}
