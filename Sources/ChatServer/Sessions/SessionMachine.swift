import ChatProtocol
import Failures
import NIOCore
import SwiftProtobuf

/// One connection as the server decides about it: bytes, orders of the writer and the state of the
/// channel in, actions out; no I/O, and no clock.
///
/// ```
/// handshaking ──▶ awaitingHello ──▶ judging ──▶ admitted
///                                      │
///                                      └──▶ refused      any state ──▶ closed
/// ```
struct SessionMachine {
    private enum State {
        case handshaking
        case awaitingHello(certificate: [UInt8])
        /// The writer judges the login, since this time; it is refused where another frame came
        /// before the answer to its Hello.
        case judging(since: NIODeadline, isOutOfTurn: Bool)
        /// It waits for its refusal.
        case refused(ChatError)
        case admitted(SessionFeed, SessionWindow)
        case closed
    }

    private let prefix: AddressPrefix
    private var state = State.handshaking
    private var decoder = FrameDecoder(
        limit: ServerLimits.earlyFrameByteCount,
        kinds: FrameDecoder.clientKinds
    )
    private var isWritable = true
    private var isReading = true
    private var droppedByteCount = 0

    /// A connection from an address with this prefix begins.
    init(from prefix: AddressPrefix) { self.prefix = prefix }

    private static let outOfTurn = ChatError(.protocolViolation, "a frame came out of turn")

    // MARK: The channel

    /// TLS is there; `certificate` is what the client proved, DER.
    mutating func handshakeCompleted(certificate: [UInt8]?) -> [SessionAction] {
        switch state {
        case .handshaking:
            // A connection whose callback did not run (a resumed session) proved nothing now.
            guard let certificate else { return close() }
            state = .awaitingHello(certificate: certificate)
            return []
        case .awaitingHello, .judging, .refused, .admitted, .closed: return close()
        }
    }

    /// Bytes arrived; `nextFrame` takes the frames in them.
    mutating func receive(_ bytes: ByteBufferView) -> [SessionAction] {
        switch state {
        case .handshaking, .awaitingHello, .judging(_, isOutOfTurn: false), .admitted:
            // The bytes are copied out: a kept buffer doubles a connection's memory.
            decoder.receive(bytes)
            return []
        case .judging(_, isOutOfTurn: true), .refused, .closed:
            // Nothing of it is kept; a flood is cut off.
            droppedByteCount += bytes.count
            return droppedByteCount > ServerLimits.closingByteCount ? abort() : []
        }
    }

    /// The channel takes more, or no more for the moment.
    mutating func writabilityChanged(to isWritable: Bool) { self.isWritable = isWritable }

    /// The connection is gone.
    mutating func end() -> [SessionAction] {
        switch state {
        case .closed: return []
        case .handshaking, .awaitingHello, .judging, .refused, .admitted:
            state = .closed
            decoder = FrameDecoder(limit: 0)
            return [.end]
        }
    }

    /// Closes the connection; what was sent is still written.
    mutating func close() -> [SessionAction] {
        switch state {
        case .closed: return []
        case .handshaking, .awaitingHello, .judging, .refused, .admitted:
            return end() + adjustReading() + [.close]
        }
    }

    /// Closes the connection at once.
    mutating func abort() -> [SessionAction] { end() + [.abort] }

    // MARK: Frames

    /// Takes one frame that has arrived; `nil` where there is none, or no room for it.
    mutating func nextFrame(at now: NIODeadline) -> [SessionAction]? {
        guard hasRoom else { return nil }
        do throws(ChatError) {
            return try decoder.next().map { take($0, at: now) }
        } catch {
            return refuseFrame(error)
        }
    }

    private var hasRoom: Bool {
        switch state {
        case .handshaking, .awaitingHello: true
        case .judging(_, let isOutOfTurn): !isOutOfTurn
        case .admitted(_, let window): window.hasRoom && isWritable
        case .refused, .closed: false
        }
    }

    private mutating func take(_ frame: WireFrame, at now: NIODeadline) -> [SessionAction] {
        switch state {
        case .awaitingHello(let certificate):
            guard case .hello(let hello) = frame.kind, hello.protocol == 1 else {
                return refuse(SessionMachine.outOfTurn)
            }
            state = .judging(since: now, isOutOfTurn: false)
            return [.judge, .ask(.login(LoginRequest(certificate, hello, from: prefix)))]
        case .admitted(let feed, var window):
            guard let actions = window.take(frame) else { return refuse(SessionMachine.outOfTurn) }
            state = .admitted(feed, window)
            return actions
        case .handshaking, .judging: return refuseFrame(SessionMachine.outOfTurn)
        case .refused, .closed: return []
        }
    }

    /// Refuses a session for a frame that does not belong there.
    private mutating func refuseFrame(_ error: ChatError) -> [SessionAction] {
        switch state {
        case .judging(let since, _):
            // Refused when the Hello is: an answer now would tell how long the other takes.
            state = .judging(since: since, isOutOfTurn: true)
            return []
        case .handshaking, .awaitingHello, .admitted, .refused, .closed: return refuse(error)
        }
    }

    /// Whether the channel is to be read from, where that changed.
    mutating func adjustReading() -> [SessionAction] {
        let reading =
            switch state {
            case .admitted(_, let window): window.isOpen(wasOpen: isReading) && isWritable
            // What a connection sends while it is closed is read, so that it hears why.
            case .handshaking, .awaitingHello, .judging, .refused, .closed: true
            }
        guard reading != isReading else { return [] }
        isReading = reading
        return [.read(reading)]
    }

    // MARK: The writer

    /// Follows an order of the writer; `head` is the last entry that came to this loop.
    mutating func follow(_ order: SessionOrder, head: UInt64) -> [SessionAction] {
        switch order {
        case .admit(let frames, let seq, let end, let speaking):
            let feed = SessionFeed(after: seq, head: max(head, end), speaking: speaking)
            return admit(frames, feed)
        case .refuse(let error): return refuse(error)
        case .dismiss(let frames): return send(frames) + close()
        case .send(let frames): return send(frames)
        case .complete(let count):
            return withAdmitted { _, window in
                window.complete(count)
                return []
            }
        case .answer(let frames):
            return withAdmitted { _, window in
                window.answer()
                return [frames]
            }
        case .keysPage(let frames, let epochCount):
            return withAdmitted { feed, _ in
                feed.takeKeys(frames, epochCount: epochCount, head: head)
            }
        case .page(let frames, let last):
            return withAdmitted { feed, _ in feed.takePage(frames, last: last, head: head) }
        case .historyPage(let frames, let next, let end):
            return withAdmitted { feed, window in
                if let next {
                    feed.continueHistory(after: next, through: end)
                } else {
                    window.answer()
                }
                return [frames]
            }
        }
    }

    /// New entries came to this loop, from `first` to `head`.
    mutating func deliver(from first: UInt64, head: UInt64) -> SessionFeed.Delivery {
        switch state {
        case .admitted(var feed, let window):
            let delivery = feed.deliver(from: first, head: head, isWritable: isWritable)
            state = .admitted(feed, window)
            return delivery
        case .handshaking, .awaitingHello, .judging, .refused, .closed: return .skip
        }
    }

    /// Lines of the registry came to this loop, and the entry after which they count.
    mutating func announce(_ frame: ByteBuffer, after seq: UInt64) -> [SessionAction] {
        withAdmitted { feed, _ in feed.announce(frame, after: seq) }
    }

    /// Asks for what comes next from the store, where the channel has room for it.
    mutating func askForMore() -> [SessionAction] {
        switch state {
        case .admitted(var feed, let window):
            guard isWritable else { return [] }
            var actions: [SessionAction] = []
            if let page = feed.nextPage() { actions.append(.ask(page)) }
            if let page = feed.nextHistoryPage() { actions.append(.ask(page)) }
            state = .admitted(feed, window)
            return actions
        case .handshaking, .awaitingHello, .judging, .refused, .closed: return []
        }
    }

    private mutating func admit(_ frames: ByteBuffer, _ feed: SessionFeed) -> [SessionAction] {
        switch state {
        case .judging(_, isOutOfTurn: false):
            decoder.limit = ServerLimits.frameByteCount
            state = .admitted(feed, SessionWindow())
            return [.admit, .send(frames)]
        case .judging(_, isOutOfTurn: true): return refuse(SessionMachine.outOfTurn)
        case .handshaking, .awaitingHello, .refused, .admitted, .closed: return []
        }
    }

    /// Changes what an admitted session reads and asks; the frames that come of it are written.
    private mutating func withAdmitted(
        _ body: (inout SessionFeed, inout SessionWindow) -> [ByteBuffer]
    ) -> [SessionAction] {
        switch state {
        case .admitted(var feed, var window):
            let frames = body(&feed, &window)
            state = .admitted(feed, window)
            return frames.map { .send($0) }
        case .handshaking, .awaitingHello, .judging, .refused, .closed: return []
        }
    }

    private func send(_ frames: ByteBuffer) -> [SessionAction] {
        switch state {
        case .handshaking, .awaitingHello, .judging, .refused, .admitted: [.send(frames)]
        case .closed: []
        }
    }

    // MARK: Refusals

    /// Sends one frame that says why, then closes.
    private mutating func refuse(_ error: ChatError) -> [SessionAction] {
        switch state {
        case .judging(let since, _):
            // Always as late: the time of a refusal tells nothing about the keys that are known
            // here.
            state = .refused(error)
            return [.refuse(at: since + .milliseconds(ServerLimits.refusalDelayMilliseconds))]
        // Its refusal is on its way, and comes no earlier because of what came after the Hello.
        case .refused, .closed: return []
        case .handshaking, .awaitingHello, .admitted: return sayAndClose(error)
        }
    }

    /// The time of a refusal is there.
    mutating func refusalIsDue() -> [SessionAction] {
        switch state {
        case .refused(let error): return sayAndClose(error)
        case .handshaking, .awaitingHello, .judging, .admitted, .closed: return []
        }
    }

    private mutating func sayAndClose(_ error: ChatError) -> [SessionAction] {
        send(SessionMachine.encode(error.refusal(fingerprint: ""))) + close()
    }

    static func encode(_ frame: WireFrame) -> ByteBuffer {
        ByteBuffer(bytes: FrameCodec.encode(frame))
    }
}
