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

/// The single writer: it judges logins, orders entries, commits them in groups, and broadcasts them
/// after the commit.
///
/// It runs in one task and takes events from the mailbox. No event ends it: a failure is logged,
/// reported to the session that asked, and tried again.
struct Engine {
    var configuration: ServerConfiguration
    let identity: ServerIdentity
    let store: any ChatStore
    let loops: [any LoopPort]
    let gate: ConnectionGate
    let logger: Logger
    let clock: ServerClock
    let reopen: @Sendable (Keystore) throws -> UnlockedIdentity
    /// Asks the program to read its settings; the program answers with `configure` or
    /// `keepSettings`.
    let askForSettings: @Sendable () -> Void
    /// The admins for whom the settings are being read.
    var settingsReaders: [any SessionPort] = []
    /// The admins who wait for the next read.
    var waitingForSettings: [any SessionPort] = []
    let admission: Admission
    let headFile: HeadFile
    /// The keystore with the registry as it is on disk; logins are judged by it.
    var keystore: Keystore
    /// The registry as it was sent to members: its checkpoint is signed, and its events are stored.
    var published: Registry
    /// The number of lines whose events are stored; `nil` if all published lines have theirs.
    ///
    /// It is set while the store cannot be written.
    var eventlessCount: Int?
    /// The number of lines of `keystore.registry` by which the sessions were judged.
    var judgedCount: Int
    var checkpoint: [UInt8]
    var room: EngineRoom
    var sessions = SessionTable()
    var storeState = StoreState.working
    var problems: ProblemLog
    var clockWatch: ClockWatch
    var signedHeadSeq: UInt64?
    var pollCount = 0
    /// The logins whose statements wait for the home's lock.
    var waitingLogins: [(any SessionPort, LoginRequest)] = []
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
        loops: [any LoopPort],
        gate: ConnectionGate,
        logger: Logger,
        clock: ServerClock = .system,
        reopen: @escaping @Sendable (Keystore) throws -> UnlockedIdentity,
        askForSettings: @escaping @Sendable () -> Void
    ) throws {
        self.configuration = configuration
        self.identity = identity
        self.store = store
        self.loops = loops
        self.gate = gate
        self.logger = logger
        self.clock = clock
        self.reopen = reopen
        self.askForSettings = askForSettings
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
        room = EngineRoom(
            chat: identity.chat,
            name: Engine.roomName,
            stored,
            newestEntryTime: try? store.newestTime()
        )
        clockWatch = ClockWatch(
            wall: clock.wall,
            steady: clock.steady(),
            newestEntry: room.newestEntryTime
        )
        guard stored.registryCount <= keystore.registry.count else {
            throw ServerError.registryShrank
        }
        try examine(stored)
        try begin(from: stored.registryCount)
    }

    /// Compares the store with the last signed head; if it lost entries or differs, marks it as
    /// damaged.
    private mutating func examine(_ stored: StoredRoom) throws {
        var damage = stored.damage
        do {
            // All versions are accepted, because a version may have signed the file before it was
            // rotated or revoked.
            let versions = keystore.registry.state.identity(id: identity.chat)?.versions ?? []
            let signed = try signedHead(by: versions)
            // A head that an older key signed is signed again by the key in use.
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
        logger.critical("\(damage.message); nothing is stored until it is repaired")
        if let hint = damage.hint { logger.critical("\(hint)") }
    }

    /// Returns the position in the head file if one of these versions of the server's key signed
    /// it.
    private func signedHead(by versions: [RegisteredVersion]) throws -> LogPosition? {
        try headFile.read(
            chat: identity.chat,
            room: Engine.roomName,
            keys: versions.compactMap { try? $0.publicKey() }
        )
    }

    /// Processes events in order; returns whether the server continues.
    mutating func process(_ events: ArraySlice<EngineEvent>, _ mailbox: Mailbox) -> Bool {
        observeClock()
        for event in events {
            if mailbox.isStopping { break }
            guard take(event) else { return false }
        }
        commit()
        guard !mailbox.isStopping else {
            stop(code: "restart", "the server stops; it may come back")
            return false
        }
        return true
    }

    /// Processes one event; returns whether the server continues.
    ///
    /// A published frame waits for the next commit. All other events are processed after a commit.
    private mutating func take(_ event: EngineEvent) -> Bool {
        switch event {
        case .publish(let port, let publish): take(publish, from: port)
        case .received(let port, let seq): take(seq, from: port)
        case .ask(let port, let request):
            commit()
            return answer(request, port)
        case .reload:
            commit()
            poll()
        case .configure(let configuration, let isAnswer):
            commit()
            configure(configuration)
            if isAnswer { answerReloads(failure: "") }
        case .keepSettings(let reason): answerReloads(failure: reason)
        case .prune:
            commit()
            prune()
        }
        return true
    }

    private mutating func answer(_ request: SessionRequest, _ port: any SessionPort) -> Bool {
        switch request {
        case .login(let request): login(port, request)
        case .keysPage(let epochs, let seq):
            reading(for: port) { try $0.sendKeys(to: port, of: epochs, through: seq) }
        case .page(let seq, let end):
            reading(for: port) { try $0.sendPage(to: port, after: seq, through: end) }
        case .history(let count):
            reading(for: port) { try $0.beginHistory(for: port, count) }
        case .historyPage(let seq, let head):
            reading(for: port) { try $0.sendHistory(to: port, after: seq, through: head) }
        case .who: sendWho(to: port)
        case .shutdown: return !shutDown(port)
        case .reload: readSettings(for: port)
        case .left: leave(port)
        }
        return true
    }

    /// Calls `body`, which reads the store; if it fails, ends the session, whose client may connect
    /// again.
    private mutating func reading(
        for port: any SessionPort,
        _ body: (Engine) throws -> Void
    ) {
        do {
            try body(self)
            problems.end(.reading)
        } catch {
            problems.begin(.reading, error)
            Engine.dismiss(port, "the server cannot read its store at the moment")
        }
    }

    private mutating func observeClock() {
        let jump = clockWatch.observe(
            wall: clock.wall,
            steady: clock.steady(),
            newestEntry: room.newestEntryTime
        )
        guard let jump else { return }
        logger.warning("the system's clock jumped by \(jump / 1_000) seconds")
    }

    /// The members of the room, by the published registry.
    var members: [RegisteredIdentity] {
        published.state.members(ofRoom: Engine.roomName)
    }

    static func text(_ error: any Error) -> String {
        (error as? any ReportableError)?.message ?? "\(error)"
    }
}
