import ChatProtocol
import NIOCore
import NIOSSL
import NIOTLS

/// One connection of the server: the channel, the timers and the gate around a `SessionMachine`.
///
/// All its methods run on the connection's event loop.
final class SessionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let id: UInt64
    private let mailbox: Mailbox
    private let gate: ConnectionGate
    private let hub: LoopHub
    private let peer: PeerCertificate
    private var machine: SessionMachine
    private var context: ChannelHandlerContext?
    private var reference: SessionReference?
    private var timeout: Scheduled<Void>?
    private var watch = LivenessWatch()
    private var isDecoding = false

    init(
        id: UInt64,
        mailbox: Mailbox,
        gate: ConnectionGate,
        hub: LoopHub,
        peer: PeerCertificate,
        prefix: AddressPrefix
    ) {
        self.id = id
        self.mailbox = mailbox
        self.gate = gate
        self.hub = hub
        self.peer = peer
        machine = SessionMachine(from: prefix)
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        reference = SessionReference(id: id, loop: context.eventLoop, handler: self)
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: .seconds(Int64(gate.limits.loginSeconds))) {
            loopBound.value.close()
        }
    }

    func channelInactive(context: ChannelHandlerContext) { perform(machine.end()) }

    func handlerRemoved(context: ChannelHandlerContext) {
        perform(machine.end())
        watch.end()
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(negotiatedProtocol: _)? = event as? TLSUserEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        perform(machine.handshakeCompleted(certificate: peer.der))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        watch.heard()
        perform(machine.receive(unwrapInboundIn(data).readableBytesView))
        decode()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        machine.writabilityChanged(to: isWritable)
        if isWritable {
            watch.unblocked()
            perform(machine.askForMore())
            decode()
        } else {
            watch.blocked(context) { [weak self] in self?.abort() }
        }
        // The server does not read from a client that does not read, because its answers would fill
        // memory.
        perform(machine.adjustReading())
        context.fireChannelWritabilityChanged()
    }

    /// Processes the frames that have arrived, as long as the machine has room.
    ///
    /// The answer to a frame may fill the channel, and so stop the loop.
    private func decode() {
        guard !isDecoding else { return }
        isDecoding = true
        defer { isDecoding = false }
        while let actions = machine.nextFrame(at: .now()) { perform(actions) }
        perform(machine.adjustReading())
    }

    private func close() { perform(machine.close()) }

    private func abort() { perform(machine.abort()) }

    // MARK: The engine

    /// Carries out an order of the engine.
    func follow(_ order: SessionOrder) {
        if case .admit(_, _, let head, _) = order { hub.reach(head) }
        perform(machine.follow(order, head: hub.headSeq))
        perform(machine.askForMore())
        decode()
    }

    /// Delivers new entries, from `first` to the hub's head.
    func deliver(_ stretch: ByteBuffer, from first: UInt64) {
        switch machine.deliver(from: first, head: hub.headSeq) {
        case .send: send(stretch)
        case .fallBehind: perform(machine.askForMore())
        case .skip: return
        }
    }

    /// Delivers lines of the registry, which follow the entry `seq`.
    func announce(_ frame: ByteBuffer, after seq: UInt64) {
        perform(machine.announce(frame, after: seq))
    }

    // MARK: Actions of the machine

    private func perform(_ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .send(let frames): send(frames)
            case .publish(let publish): post { .publish($0, publish) }
            case .receive(let seq): post { .received($0, seq: seq) }
            case .ask(let request): post { .ask($0, request) }
            case .judge: gate.judge(id)
            case .admit: admit()
            case .refuse(let time): refuse(at: time)
            case .read(let reading): read(reading)
            case .end: end()
            case .close: closeChannel()
            case .abort: abortChannel()
            }
        }
    }

    private func send(_ frames: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(frames), promise: nil)
    }

    private func post(_ event: (SessionReference) -> EngineEvent) {
        if let reference { mailbox.post(event(reference)) }
    }

    private func admit() {
        timeout?.cancel()
        gate.leave(id)
        hub.add(self, id: id)
        guard let context else { return }
        watch.begin(
            context,
            silenceSeconds: gate.limits.silenceSeconds,
            ping: { [weak self] in self?.send(SessionMachine.encode(.ping)) },
            lost: { [weak self] in self?.abort() }
        )
    }

    private func refuse(at time: NIODeadline) {
        gate.refused(id)
        guard let context else { return }
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: time) {
            let handler = loopBound.value
            handler.perform(handler.machine.refusalIsDue())
        }
    }

    private func read(_ reading: Bool) {
        watch.isListening = reading
        guard let context else { return }
        context.channel.setOption(.autoRead, value: reading).whenFailure { _ in }
        if reading { context.read() }
    }

    private func end() {
        timeout?.cancel()
        gate.leave(id)
        hub.remove(id: id)
        watch.end()
        reference?.end()
        post { .ask($0, .left) }
        reference = nil
    }

    private func closeChannel() {
        // A client that does not read must not keep the connection open.
        watch.closing(context) { [weak self] in self?.abort() }
        context?.close(promise: nil)
    }

    private func abortChannel() {
        guard let context else { return }
        let tls = try? context.pipeline.syncOperations.context(
            handlerType: NIOSSLServerHandler.self
        )
        (tls ?? context).close(promise: nil)
    }
}
