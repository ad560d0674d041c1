import ChatProtocol
import NIOCore
import NIOSSL
import NIOTLS
import SwiftProtobuf

/// One connection: frames in, frames out, and where it stands.
///
/// All on its event loop.
final class SessionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let id: UInt64
    let mailbox: Mailbox
    private let gate: ConnectionGate
    let hub: LoopHub
    private let peer: PeerCertificate
    private var decoder = FrameDecoder(
        limit: ServerLimits.earlyFrameByteCount,
        kinds: FrameDecoder.clientKinds
    )
    var state = State.handshaking
    var context: ChannelHandlerContext?
    var reference: SessionReference?
    private var timeout: Scheduled<Void>?
    private var watch = LivenessWatch()
    private var pendingCount = 0
    /// Whether an answer of several frames is being made: one history or one who at a time.
    private var isAnswering = false
    private var isReading = true
    private var isDecoding = false
    private var droppedByteCount = 0
    /// Whether something came between the Hello and its answer, which must wait for each other.
    private var isOutOfTurn = false
    /// The last entry that was written to the channel.
    var sentSeq: UInt64 = 0
    var isPageAsked = false
    /// The epochs in use whose announcements are still to be sent; they come before any entry.
    var speaking: [SessionEpoch] = []
    /// Lines of the registry that wait until the entries before them were sent: somebody may have
    /// been a member when those were said, and become one with these lines.
    var announced: [(frame: ByteBuffer, after: UInt64)] = []
    /// Where the history that this session asked for goes on, once there is room for it.
    var history: (after: UInt64, through: UInt64)?

    init(
        id: UInt64,
        mailbox: Mailbox,
        gate: ConnectionGate,
        hub: LoopHub,
        peer: PeerCertificate
    ) {
        self.id = id
        self.mailbox = mailbox
        self.gate = gate
        self.hub = hub
        self.peer = peer
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

    func channelInactive(context: ChannelHandlerContext) { ended() }

    func handlerRemoved(context: ChannelHandlerContext) {
        ended()
        watch.end()
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(negotiatedProtocol: _)? = event as? TLSUserEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        // A connection whose callback did not run (a resumed session) proved nothing now.
        guard case .handshaking = state, let der = peer.der else { return close() }
        state = .awaitingHello(certificate: der)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        switch state {
        case .judging where isOutOfTurn, .refused, .closed:
            // Nothing of it is kept; a flood is cut off.
            droppedByteCount += bytes.readableBytes
            if droppedByteCount > ServerLimits.closingByteCount { abort() }
        case .handshaking, .awaitingHello, .judging, .catchingUp, .live:
            watch.heard()
            // The bytes are copied out: a kept buffer doubles a connection's memory.
            decoder.receive(bytes.readableBytesView)
            decode()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            watch.unblocked()
            askForPage()
            askForHistory()
            decode()
        } else {
            watch.blocked(context) { [weak self] in self?.abort() }
        }
        // A client that does not read is not read from either: its answers would fill our memory.
        adjustReading()
        context.fireChannelWritabilityChanged()
    }

    /// Whether one more frame of this session may be taken.
    private var mayDecode: Bool {
        switch state {
        case .handshaking, .awaitingHello: true
        case .judging: !isOutOfTurn
        case .refused, .closed: false
        case .catchingUp, .live:
            !isAnswering && pendingCount < ServerLimits.window
                && context?.channel.isWritable == true
        }
    }

    /// Takes the frames that have arrived, as many as there is room for.
    private func decode() {
        guard !isDecoding else { return }
        isDecoding = true
        defer { isDecoding = false }
        do {
            while mayDecode, let frame = try decoder.next() { receive(frame) }
        } catch {
            if case .judging = state { isOutOfTurn = true } else { refuse(error) }
        }
        adjustReading()
    }

    private func receive(_ frame: WireFrame) {
        guard let reference else { return }
        switch state {
        case .awaitingHello(let certificate):
            guard case .hello(let hello) = frame.kind, hello.protocol == 1 else {
                return refuse(SessionHandler.outOfTurn)
            }
            state = .judging(since: .now())
            gate.judge(id)
            let prefix = AddressPrefix(context?.channel.remoteAddress)
            mailbox.post(.login(reference, LoginRequest(certificate, hello, from: prefix)))
        case .catchingUp, .live:
            switch frame.kind {
            case .publish(let publish): post(.publish(reference, publish))
            case .historyRequest(let request):
                isAnswering = true
                post(.history(reference, count: Int(request.count)))
            case .whoRequest:
                isAnswering = true
                post(.who(reference))
            case .received(let received): post(.received(reference, seq: received.seq))
            case .shutdownRequest: post(.shutdown(reference))
            case .ping: send(SessionHandler.encode(.with { $0.pong = .init() }))
            case .pong: return
            default: refuse(SessionHandler.outOfTurn)
            }
        case .handshaking: refuse(SessionHandler.outOfTurn)
        // Refused where the Hello is not: an answer to this would tell how long the other takes.
        case .judging: isOutOfTurn = true
        case .refused, .closed: return
        }
    }

    private static let outOfTurn = ChatError(.protocolViolation, "a frame came out of turn")

    private func post(_ event: EngineEvent) {
        pendingCount += 1
        mailbox.post(event)
    }

    private func adjustReading() {
        guard let context else { return }
        let room = isReading ? ServerLimits.window : ServerLimits.window / 2
        let isFree =
            !isAnswering && pendingCount < room && context.channel.isWritable
        let reading =
            switch state {
            case .catchingUp, .live: isFree
            // What a connection sends while it is closed is read, so that it hears why.
            case .handshaking, .awaitingHello, .judging, .refused, .closed: true
            }
        guard reading != isReading else { return }
        isReading = reading
        watch.isListening = reading
        context.channel.setOption(.autoRead, value: reading).whenFailure { _ in }
        if reading { context.read() }
    }

    // MARK: What the writer says

    /// The writer has dealt with some of this session's frames.
    func completed(_ count: Int) {
        pendingCount -= count
        decode()
    }

    /// The one answer that was asked for.
    func answered(_ frames: ByteBuffer) {
        send(frames)
        isAnswering = false
        completed(1)
    }

    /// The writer lets the session in.
    func admitted(
        _ frames: ByteBuffer,
        after seq: UInt64,
        head: UInt64,
        speaking: [SessionEpoch]
    ) {
        guard case .judging = state, let context else { return }
        guard !isOutOfTurn else { return refuse(SessionHandler.outOfTurn) }
        timeout?.cancel()
        gate.leave(id)
        decoder.limit = ServerLimits.frameByteCount
        hub.add(self, id: id)
        hub.setHead(head)
        sentSeq = seq
        self.speaking = speaking
        send(frames)
        state = seq == hub.headSeq && speaking.isEmpty ? .live : .catchingUp
        watch.begin(
            context,
            silenceSeconds: gate.limits.silenceSeconds,
            ping: { [weak self] in self?.send(SessionHandler.encode(.with { $0.ping = .init() })) },
            lost: { [weak self] in self?.abort() }
        )
        askForPage()
        adjustReading()
    }

    /// Sends encoded frames.
    func send(_ frames: ByteBuffer) {
        if case .closed = state { return }
        context?.writeAndFlush(wrapOutboundOut(frames), promise: nil)
    }

    /// Sends one frame that says why, then closes.
    func refuse(_ error: ChatError) {
        // Its refusal is on its way, and comes no earlier because of what came after the Hello.
        if case .refused = state { return }
        guard case .judging(let since) = state, let context else { return sayAndClose(error) }
        // Always as late: the time of a refusal tells nothing about the keys that are known here.
        state = .refused
        gate.refused(id)
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let time = since + .milliseconds(ServerLimits.refusalDelayMilliseconds)
        context.eventLoop.scheduleTask(deadline: time) { loopBound.value.sayAndClose(error) }
    }

    private func sayAndClose(_ error: ChatError) {
        send(SessionHandler.encode(error.refusal(fingerprint: "")))
        close()
    }

    /// Sends last frames, then closes.
    func dismiss(_ frames: ByteBuffer) {
        send(frames)
        close()
    }

    private func close() {
        if case .closed = state { return }
        let context = context
        ended()
        adjustReading()
        // A client that does not read does not hold the connection open.
        watch.closing(context) { [weak self] in self?.abort() }
        context?.close(promise: nil)
    }

    /// Closes the connection beneath TLS: the other side is gone, or does not listen.
    private func abort() {
        ended()
        guard let context else { return }
        let tls = try? context.pipeline.syncOperations.context(
            handlerType: NIOSSLServerHandler.self
        )
        (tls ?? context).close(promise: nil)
    }

    private func ended() {
        if case .closed = state { return }
        state = .closed
        decoder = FrameDecoder(limit: 0)
        timeout?.cancel()
        gate.leave(id)
        hub.remove(id: id)
        watch.end()
        announced = []
        if let reference {
            reference.end()
            mailbox.post(.left(reference))
        }
        reference = nil
    }

    static func encode(_ frame: WireFrame) -> ByteBuffer {
        ByteBuffer(bytes: FrameCodec.encode(frame))
    }
}
