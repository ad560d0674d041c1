internal import AgentClient
public import AgentProtocol
internal import CLinux
internal import CryptoCore
internal import Glibc

/// The agent: one thread that polls its sockets, and hands messages to the connections' machines.
///
/// `run` returns at SIGTERM, SIGINT, SIGHUP and the request STOP, and when the folder is gone. Then
/// all keys are cleansed.
public final class AgentServer {
    private let folder: AgentFolder
    private let process: AgentStatus.Process
    private let earlier: EarlierAgent?
    private let whenUsed: (HeldIdentity) -> Void
    private let jobs: Jobs
    private let signals: Int32
    private let largestPeerCount: Int
    private var keyring = Keyring()
    private var peers: [Int: Peer] = [:]
    private var lastPeer = 0
    private var listPause = AgentTime(milliseconds: 0)
    private var isEnding = false

    /// Takes over the folder's sockets.
    ///
    /// `earlierAgent` is the socket of the agent before; `whenUsed` is told when an identity's key
    /// first signs for a connection of the SSH socket. Throws `AgentError` if the system refuses a
    /// descriptor.
    public init(
        _ folder: consuming AgentFolder,
        earlierAgent: String?,
        whenUsed: @escaping (HeldIdentity) -> Void
    ) throws(AgentError) {
        signals = clinux_end_signals()
        guard signals >= 0 else { throw AgentError.noSignals }
        jobs = try Jobs()
        let locksMemory = MemoryLocking.lockAll()
        process = AgentStatus.Process(
            id: Int(getpid()),
            sshSocket: folder.sshPath,
            ownSocket: folder.ownPath,
            earlierAgent: earlierAgent,
            locksMemory: locksMemory,
            locksSecrets: locksMemory || MemoryLocking.locksSecrets
        )
        self.folder = folder
        earlier = earlierAgent.map { EarlierAgent(path: $0) }
        self.whenUsed = whenUsed
        largestPeerCount = AgentServer.raisedLimit()
    }

    deinit { close(signals) }

    /// Raises the limit on descriptors, and returns how many connections fit.
    private static func raisedLimit() -> Int {
        let descriptors = __rlimit_resource_t(7)  // RLIMIT_NOFILE
        var limit = rlimit()
        // SAFETY: the structure is written and read during the calls.
        guard unsafe getrlimit(descriptors, &limit) == 0 else { return 256 }
        let wanted = rlim_t(AgentLimits.connectionCount + AgentLimits.spareDescriptorCount)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            _ = unsafe setrlimit(descriptors, &limit)
        }
        let room = Int(min(limit.rlim_cur, wanted)) - AgentLimits.spareDescriptorCount
        return max(room, 1)
    }

    /// Whether the memory of secrets is locked against swapping.
    public var locksSecrets: Bool { process.locksSecrets }

    // MARK: The loop

    /// Serves until it is told to end.
    public func run() {
        let fixed = [signals, jobs.descriptor, folder.sshDescriptor, folder.ownDescriptor]
        while !isEnding {
            var numbers: [Int] = []
            var items = fixed.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            for (number, peer) in peers {
                numbers.append(number)
                items.append(pollfd(fd: peer.descriptor, events: peer.events, revents: 0))
            }
            // SAFETY: as many structures are read and written as the array has.
            _ = unsafe poll(&items, nfds_t(items.count), timeout)
            let now = AgentTime.now
            keyring.expire(at: now)
            // Nobody can reach or stop an agent whose folder is gone.
            guard folder.isOurs else { return end() }
            if items[0].revents != 0 { return end() }
            if items[1].revents != 0 { takeResults(now) }
            wakeSleepers(now)
            for (number, item) in zip(numbers, items.dropFirst(fixed.count)) where item.revents != 0
            {
                serve(number, item.revents, now)
            }
            if items[2].revents != 0 { accept(folder.sshDescriptor, isSSH: true, now) }
            if items[3].revents != 0 { accept(folder.ownDescriptor, isSSH: false, now) }
        }
        end()
    }

    private func end() {
        keyring.removeAll()
        peers = [:]
    }

    private var timeout: Int32 {
        var next = keyring.nextEnd
        for peer in peers.values {
            if case .sleeping(let until) = peer.state { next = min(next ?? until, until) }
        }
        let longest = Int32(AgentLimits.folderCheckMilliseconds)
        return next.map { min($0.millisecondsLeft + 1, longest) } ?? longest
    }

    private func accept(_ listener: Int32, isSSH: Bool, _ now: AgentTime) {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        guard UnixSocket.isOwnUser(descriptor) else {
            close(descriptor)
            return
        }
        if peers.count >= largestPeerCount, let oldest = oldestIdlePeer {
            peers[oldest] = nil
        }
        lastPeer += 1
        peers[lastPeer] = Peer(
            descriptor,
            isSSH
                ? .ssh(SSHConnection(hasEarlierAgent: earlier != nil))
                : .own(OwnConnection(process: process)),
            now: now
        )
    }

    private var oldestIdlePeer: Int? {
        peers.min { $0.value.lastActivity < $1.value.lastActivity }?.key
    }

    // MARK: One connection

    private func serve(_ number: Int, _ events: Int16, _ now: AgentTime) {
        guard let peer = peers[number] else { return }
        switch peer.state {
        case .job, .sleeping:
            // Only an end of the connection is told now; its job goes on, and its result is dropped.
            peers[number] = nil
        case .writing:
            peer.lastActivity = now
            if !peer.write() { peers[number] = nil }
        case .reading:
            peer.lastActivity = now
            switch peer.read() {
            case .closed: peers[number] = nil
            case .nothing: limitUnfinished(number)
            case .message(let message): receive(number, peer, message.bytes, now)
            }
        }
    }

    /// Closes a connection whose unfinished message is one too many.
    private func limitUnfinished(_ number: Int) {
        guard peers[number]?.largeByteCount ?? 0 > 0 else { return }
        let sum = peers.values.reduce(0) { $0 + $1.largeByteCount }
        if sum > AgentLimits.unfinishedByteCount { peers[number] = nil }
    }

    private func receive(_ number: Int, _ peer: Peer, _ message: RawSpan, _ now: AgentTime) {
        switch peer.machine {
        case .ssh(var machine):
            let action = machine.receive(message, &keyring, now: now)
            peer.machine = .ssh(machine)
            perform(action, number, peer, now)
        case .own(var machine):
            let action = machine.receive(message, &keyring, now: now, wallTime: wallTime)
            peer.machine = .own(machine)
            perform(action, number, peer, now)
        }
        noteUses()
    }

    private func perform(
        _ action: consuming AgentAction,
        _ number: Int,
        _ peer: Peer,
        _ now: AgentTime
    ) {
        switch consume action {
        case .reply(let bytes):
            peer.answer(bytes)
            if !peer.write() { peers[number] = nil }
        case .close: peers[number] = nil
        case .stop(let bytes):
            peer.answer(bytes)
            _ = peer.write()
            isEnding = true
        case .wait(let until): peer.state = .sleeping(until: until)
        case .confirm(let question):
            peer.state = .job
            let isStarted = jobs.start(number) { .confirmed(Question.ask(question)) }
            if !isStarted { finish(number, .busy, now) }
        case .forward(let request):
            peer.state = .job
            guard let earlier, !request.isList || listPause <= now else {
                return finish(number, .forwarded(nil), now)
            }
            let isStarted = jobs.start(number) { .forwarded(earlier.ask(request)) }
            if !isStarted { finish(number, .forwarded(nil), now) }
        }
    }

    // MARK: Results

    private func takeResults(_ now: AgentTime) {
        for (number, result) in jobs.takeResults() {
            if case .forwarded(nil) = result {
                listPause = now.adding(seconds: AgentLimits.listPauseSeconds)
            }
            finish(number, result, now)
        }
    }

    private func finish(_ number: Int, _ result: Jobs.Result, _ now: AgentTime) {
        guard let peer = peers[number] else { return }
        peer.lastActivity = now
        switch (peer.machine, result) {
        case (.ssh(var machine), .confirmed(let isAllowed)):
            let action = machine.confirmed(isAllowed, &keyring, now: now)
            peer.machine = .ssh(machine)
            perform(action, number, peer, now)
        case (.ssh(var machine), .forwarded(let reply)):
            let action = machine.forwarded(reply, &keyring)
            peer.machine = .ssh(machine)
            perform(action, number, peer, now)
        case (.ssh, .busy): finish(number, .confirmed(false), now)
        case (.own(var machine), .busy):
            let action = machine.notAsked()
            peer.machine = .own(machine)
            perform(action, number, peer, now)
        case (.own(var machine), .confirmed(let isAllowed)):
            let action = machine.confirmed(isAllowed, &keyring, now: now, wallTime: wallTime)
            peer.machine = .own(machine)
            perform(action, number, peer, now)
        case (.own, .forwarded): peers[number] = nil
        }
        noteUses()
    }

    private func wakeSleepers(_ now: AgentTime) {
        for (number, peer) in peers {
            guard case .sleeping(let until) = peer.state, until <= now else { continue }
            switch peer.machine {
            case .ssh(var machine):
                let action = machine.resumed(&keyring, now: now)
                peer.machine = .ssh(machine)
                perform(action, number, peer, now)
            case .own(var machine):
                let action = machine.resumed(&keyring, now: now)
                peer.machine = .own(machine)
                perform(action, number, peer, now)
            }
        }
    }

    private func noteUses() {
        for identity in keyring.takeUses() { whenUsed(identity) }
    }

    private var wallTime: Int64 { Int64(time(nil)) }
}
