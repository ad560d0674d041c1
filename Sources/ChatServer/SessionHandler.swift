import ChatProtocol
import NIOCore
import NIOSSL
import NIOTLS
import SwiftProtobuf

/// What the verification callback of one connection saw; both run on the connection's loop.
final class PeerCertificate {
    var der: [UInt8]?
}

/// One connection: frames in, frames out, and where it stands.
///
/// All on its event loop.
final class SessionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Most frames of one session that wait for the writer; beyond it nothing more is read.
    static let window = 64

    private enum State {
        case handshaking
        case awaitingHello(certificate: [UInt8])
        case judging
        case catchingUp
        case live
        case closed
    }

    private let id: UInt64
    private let mailbox: Mailbox
    private let gate: ConnectionGate
    private let hub: LoopHub
    private let peer: PeerCertificate
    private let loginSeconds: Int
    private var decoder = FrameDecoder(limit: FrameCodec.earlyLimit)
    private var state = State.handshaking
    private var context: ChannelHandlerContext?
    private var reference: SessionReference?
    private var timeout: Scheduled<Void>?
    private var pendingCount = 0
    private var isReading = true
    /// The last entry that was written to the channel.
    private var sentSeq: UInt64 = 0
    private var isPageAsked = false
    /// Lines of the registry that wait until the entries before them were sent: whoever said those
    /// was a member then, and whoever says those after them is one from there on.
    private var announced: [(frame: ByteBuffer, after: UInt64)] = []
    /// Where the history that this session asked for goes on, once there is room for it.
    private var history: (after: UInt64, through: UInt64)?

    init(
        id: UInt64,
        mailbox: Mailbox,
        gate: ConnectionGate,
        hub: LoopHub,
        peer: PeerCertificate,
        loginSeconds: Int
    ) {
        self.id = id
        self.mailbox = mailbox
        self.gate = gate
        self.hub = hub
        self.peer = peer
        self.loginSeconds = loginSeconds
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        reference = SessionReference(id: id, loop: context.eventLoop, handler: self)
        let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: .seconds(Int64(loginSeconds))) {
            loopBound.value.close()
        }
    }

    func channelInactive(context: ChannelHandlerContext) { ended() }

    func handlerRemoved(context: ChannelHandlerContext) {
        ended()
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
        // The bytes are copied out: a kept buffer doubles a connection's memory.
        decoder.receive(unwrapInboundIn(data).readableBytesView)
        do {
            while let frame = try decoder.next() { receive(frame) }
        } catch {
            refuse(error)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            askForPage()
            askForHistory()
        }
        // Whoever does not read is not read from either: its answers would fill our memory.
        adjustReading()
        context.fireChannelWritabilityChanged()
    }

    private func receive(_ frame: WireFrame) {
        guard let reference else { return }
        switch state {
        case .awaitingHello(let certificate):
            guard case .hello(let hello) = frame.kind, hello.protocol == 1 else {
                return refuse(SessionHandler.outOfTurn)
            }
            state = .judging
            mailbox.post(.login(reference, certificate: certificate, hello))
        case .catchingUp, .live:
            switch frame.kind {
            case .publish(let publish): post(.publish(reference, publish))
            case .historyRequest(let request):
                post(.history(reference, count: Int(request.count)))
            case .whoRequest: post(.who(reference))
            case .received(let received): post(.received(reference, seq: received.seq))
            case .shutdownRequest: post(.shutdown(reference))
            case .ping: send(SessionHandler.encode(.with { $0.pong = .init() }))
            case .pong: return
            default: refuse(SessionHandler.outOfTurn)
            }
        case .handshaking, .judging: refuse(SessionHandler.outOfTurn)
        case .closed: return
        }
    }

    private static let outOfTurn = ChatError(.protocolViolation, "a frame came out of turn")

    private func post(_ event: EngineEvent) {
        pendingCount += 1
        adjustReading()
        mailbox.post(event)
    }

    private func adjustReading() {
        guard let context else { return }
        let room = isReading ? SessionHandler.window : SessionHandler.window / 2
        let reading = pendingCount < room && context.channel.isWritable
        guard reading != isReading else { return }
        isReading = reading
        context.channel.setOption(.autoRead, value: reading).whenFailure { _ in }
        if reading { context.read() }
    }

    // MARK: What the writer says

    /// The writer has dealt with some of this session's frames.
    func completed(_ count: Int) {
        pendingCount -= count
        adjustReading()
    }

    /// The writer lets the session in.
    func admitted(_ frames: ByteBuffer, after seq: UInt64, head: UInt64) {
        guard case .judging = state else { return }
        timeout?.cancel()
        gate.leave(id)
        decoder.limit = FrameCodec.limit
        hub.add(self, id: id)
        hub.setHead(head)
        sentSeq = seq
        send(frames)
        state = seq == hub.headSeq ? .live : .catchingUp
        askForPage()
    }

    /// A page of older entries; it ends at `last`.
    func page(_ frame: ByteBuffer, last: UInt64) {
        isPageAsked = false
        guard case .catchingUp = state else { return }
        // Asked for before the registry changed in the midst of it: asked for again, up to there.
        if let next = announced.first, last > next.after { return askForPage() }
        sentSeq = last
        send(frame)
        sendAnnounced()
        if sentSeq >= hub.headSeq { state = .live } else { askForPage() }
    }

    /// Lines of the registry, and the entry after which they count.
    func announce(_ frame: ByteBuffer, after seq: UInt64) {
        guard case .catchingUp = state else { return send(frame) }
        announced.append((frame, seq))
        sendAnnounced()
    }

    private func sendAnnounced() {
        while let next = announced.first, next.after <= sentSeq {
            send(next.frame)
            announced.removeFirst()
        }
    }

    /// A page of history; `next` is where the following one begins.
    func historyPage(_ frames: ByteBuffer, after next: UInt64?, through head: UInt64) {
        send(frames)
        history = next.map { ($0, head) }
        guard history != nil else { return completed(1) }
        askForHistory()
    }

    private func askForHistory() {
        guard let (seq, head) = history, let context, context.channel.isWritable, let reference
        else { return }
        history = nil
        mailbox.post(.historyPage(reference, after: seq, through: head))
    }

    private func askForPage() {
        guard case .catchingUp = state, !isPageAsked, let context, context.channel.isWritable,
            let reference
        else { return }
        isPageAsked = true
        mailbox.post(
            .page(reference, after: sentSeq, through: announced.first?.after ?? .max)
        )
    }

    /// New entries.
    ///
    /// Who cannot keep up is detached to its cursor and reads on from the store.
    func deliver(_ stretch: ByteBuffer, from first: UInt64) {
        guard case .live = state, let context else { return }
        guard context.channel.isWritable, sentSeq + 1 == first else {
            state = .catchingUp
            return askForPage()
        }
        sentSeq = hub.headSeq
        send(stretch)
    }

    /// Sends encoded frames.
    func send(_ frames: ByteBuffer) {
        if case .closed = state { return }
        context?.writeAndFlush(wrapOutboundOut(frames), promise: nil)
    }

    /// Sends one frame that says why, then closes.
    func refuse(_ error: ChatError) {
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
        context?.close(promise: nil)
    }

    private func ended() {
        if case .closed = state { return }
        state = .closed
        timeout?.cancel()
        gate.leave(id)
        hub.remove(id: id)
        if let reference { mailbox.post(.left(reference)) }
        reference = nil
    }

    static func encode(_ frame: WireFrame) -> ByteBuffer {
        ByteBuffer(bytes: FrameCodec.encode(frame))
    }
}
