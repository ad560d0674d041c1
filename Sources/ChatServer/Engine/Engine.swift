import ChatProtocol
import CryptoCore
internal import Failures
import Foundation
import KeyFormats
import Keystore
import Logging
import NIOCore
import Registry
import SwiftProtobuf

/// The one writer: judges logins, orders messages, commits them in groups, and broadcasts an entry
/// only after it is on disk.
///
/// Lives in one task; events come from its mailbox. No event ends it: what fails is logged, told to
/// the session that asked, and tried again.
struct Engine {
    /// An admitted session.
    struct Session {
        let reference: SessionReference
        let member: Admission.Member
        let session: SHA256Digest
        /// When it ends, on the steady clock, in milliseconds.
        let end: Int64
    }

    /// Whether the store takes what is published.
    enum StoreState {
        case working
        /// A commit failed; the store is tried again every second.
        case failing(ServerError)
        /// Something is missing in it: it is read, and nothing is added.
        case damaged(ServerError)
    }

    var configuration: ServerConfiguration
    let identity: ServerIdentity
    let store: any ChatStore
    let hubs: [LoopHubReference]
    let gate: ConnectionGate
    let logger: Logger
    let reopen: @Sendable (Keystore) throws -> UnlockedIdentity
    let admission: Admission
    let headFile: HeadFile
    /// The registry as it is on disk, as far as it could be read; logins are judged by it.
    var keystore: Keystore
    /// The registry as members were told of it: its checkpoint is signed, its events are stored.
    var published: Registry
    /// How many lines have their events in the log, where a store that could not be written keeps
    /// that from being all that were published.
    var eventlessCount: Int?
    /// By how many lines of `keystore.registry` the sessions were judged.
    var judgedCount: Int
    var checkpoint: [UInt8]
    var room: ServerRoom
    var revocations: [WireRevoked]
    var joined: [SHA256Digest: UInt64]
    var sessions: [UInt64: Session] = [:]
    var sessionCounts: [SHA256Digest: Int] = [:]
    var pending = Pending()
    var storeState = StoreState.working
    var problems: ProblemLog
    var clock: ClockWatch
    var newestEntryTime: Int64?
    var signedHeadSeq: UInt64?
    var pollCount = 0
    /// Logins whose statements wait for the home's lock.
    var waitingLogins: [(SessionReference, LoginRequest)] = []
    var budget = StatementBudget()
    var whoFrame: ByteBuffer?
    var refusalLines = RefusalLines()
    var keyRetry = RetryTimes()

    static let roomName = RegistryState.room

    init(
        configuration: ServerConfiguration,
        identity: ServerIdentity,
        keystore: Keystore,
        store: any ChatStore,
        hubs: [LoopHubReference],
        gate: ConnectionGate,
        logger: Logger,
        reopen: @escaping @Sendable (Keystore) throws -> UnlockedIdentity
    ) throws {
        self.configuration = configuration
        self.identity = identity
        self.store = store
        self.hubs = hubs
        self.gate = gate
        self.logger = logger
        self.reopen = reopen
        self.keystore = keystore
        self.keystore.waitsForLock = false
        admission = Admission(
            chat: identity.chat,
            room: Engine.roomName,
            decoy: try identity.unlocked.record.identity.latest.publicKey().rsa
        )
        headFile = HeadFile(path: keystore.home.path + "/registry/room-head")
        problems = ProblemLog(logger: logger)
        published = keystore.registry
        judgedCount = keystore.registry.count
        checkpoint = []
        let stored =
            try store.load()
            ?? StoredRoom(
                head: LogPosition.beginning(chat: identity.chat, room: Engine.roomName),
                registryCount: 0
            )
        room = ServerRoom(
            chat: identity.chat,
            name: Engine.roomName,
            head: stored.head,
            lastMembershipSeq: stored.lastMembershipSeq
        )
        revocations = stored.revocations
        joined = stored.joined
        newestEntryTime = try? store.newestTime()
        clock = ClockWatch(
            wall: ServerClock.wall(),
            steady: ServerClock.steady(),
            newestEntry: newestEntryTime
        )
        guard stored.registryCount <= keystore.registry.count else {
            throw ServerError.registryShrank
        }
        try examine(stored)
        try begin(from: stored.registryCount)
    }

    /// Holds the store against the head that was signed last.
    private mutating func examine(_ stored: StoredRoom) throws {
        var damage = stored.damage
        do {
            // Of whatever standing: a key signed the file before it was rotated or revoked.
            let versions = keystore.registry.state.identity(id: identity.chat)?.versions ?? []
            let signed = try signedHead(by: versions)
            // A head of an older key is signed again, by the key in use.
            signedHeadSeq = (try? signedHead(by: versions.suffix(1)))?.seq
            if damage == nil, let signed {
                if signed.seq > room.head.seq {
                    damage = .lostEntries(headFile.path, from: room.head.seq, to: signed.seq)
                } else if try store.hash(at: signed.seq) != signed.hash {
                    damage = .otherHistory(headFile.path, at: signed.seq)
                }
            }
        } catch let error as ServerError {
            damage = damage ?? error
        } catch { damage = damage ?? .unreadableStore(headFile.path, Engine.text(error)) }
        guard let damage else { return }
        storeState = .damaged(damage)
        logger.critical("\(damage.message); nothing is stored until it is mended")
        if let hint = damage.hint { logger.critical("\(hint)") }
    }

    /// The position in the head file, where one of these versions of the server's key signed it.
    private func signedHead(by versions: [RegisteredVersion]) throws -> LogPosition? {
        try headFile.read(
            chat: identity.chat,
            room: room.name,
            keys: versions.compactMap { try? $0.publicKey() }
        )
    }

    /// Deals with what waits, in order; returns whether the server goes on.
    mutating func process(_ events: ArraySlice<EngineEvent>, _ mailbox: Mailbox) -> Bool {
        observeClock()
        for event in events {
            if mailbox.isStopping { break }
            switch event {
            case .publish(let reference, let publish):
                take(publish, from: reference)
                continue
            case .received(let reference, let seq):
                take(seq, from: reference)
                continue
            default: commit()  // everything else sees a log that is committed up to here
            }
            guard handle(event) else { return false }
        }
        commit()
        guard !mailbox.isStopping else {
            stop(code: "restart", "the server stops; it may come back")
            return false
        }
        return true
    }

    private mutating func handle(_ event: EngineEvent) -> Bool {
        switch event {
        case .publish, .received: return true
        case .login(let reference, let request): login(reference, request)
        case .keysPage(let reference, let epochs, let seq):
            reading(for: reference) { try $0.sendKeys(to: reference, of: epochs, through: seq) }
        case .page(let reference, let seq, let end):
            reading(for: reference) { try $0.sendPage(to: reference, after: seq, through: end) }
        case .history(let reference, let count):
            reading(for: reference) { try $0.beginHistory(for: reference, count) }
        case .historyPage(let reference, let seq, let head):
            reading(for: reference) {
                try $0.sendHistory(to: reference, after: seq, through: head)
            }
        case .who(let reference): sendWho(to: reference)
        case .shutdown(let reference): return !shutDown(reference)
        case .left(let reference): leave(reference)
        case .reload: poll()
        case .configure(let configuration): configure(configuration)
        case .prune: prune()
        }
        return true
    }

    /// Runs what reads the store; a failure ends the session that asked, which may come back.
    private mutating func reading(
        for reference: SessionReference,
        _ body: (Engine) throws -> Void
    ) {
        do {
            try body(self)
            problems.end(.reading)
        } catch {
            problems.begin(.reading, error)
            Engine.dismiss(reference, "the server cannot read its store at the moment")
        }
    }

    /// The time of an entry, in milliseconds since 1970.
    mutating func entryTime() -> Int64 {
        let now = ServerClock.wall()
        newestEntryTime = max(newestEntryTime ?? now, now)
        return now
    }

    private mutating func observeClock() {
        let jump = clock.observe(
            wall: ServerClock.wall(),
            steady: ServerClock.steady(),
            newestEntry: newestEntryTime
        )
        guard let jump else { return }
        logger.warning("the system's clock jumped by \(jump / 1_000) seconds")
    }

    /// Who is in the room, as members were told.
    var members: [RegisteredIdentity] {
        published.state.members(ofRoom: Engine.roomName)
    }

    static func text(_ error: any Error) -> String {
        (error as? any ReportableError)?.message ?? "\(error)"
    }
}
