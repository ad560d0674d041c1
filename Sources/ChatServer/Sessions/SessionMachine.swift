import ChatProtocol
import Failures
import NIOCore
import SwiftProtobuf

/// The decisions of the server about one connection; `SessionHandler` owns it.
///
/// Bytes, orders of the engine and the state of the channel go in, and actions come out; it has no
/// I/O and no clock.
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
        /// The engine judges the login, since this time.
        ///
        /// With `isOutOfTurn`, another frame came after the Hello, and the login is refused.
        case judging(since: NIODeadline, isOutOfTurn: Bool)
        /// The login is refused; the refusal is sent at its time.
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

    /// Creates the machine of a connection from an address with this prefix.
    init(from prefix: AddressPrefix) { self.prefix = prefix }

    private static let outOfTurn = ChatError(.protocolViolation, "a frame came out of turn")

    // MARK: The channel

    /// Takes the end of the TLS handshake; `certificate` is the client's certificate, DER.
    mutating func handshakeCompleted(certificate: [UInt8]?) -> [SessionAction] {
        switch state {
        case .handshaking:
            // In a resumed TLS session the callback does not run, so the client has proved nothing.
            guard let certificate else { return close() }
            state = .awaitingHello(certificate: certificate)
            return []
        case .awaitingHello, .judging, .refused, .admitted, .closed: return close()
        }
    }

    /// Takes received bytes; `nextFrame` returns the frames in them.
    mutating func receive(_ bytes: ByteBufferView) -> [SessionAction] {
        switch state {
        case .handshaking, .awaitingHello, .judging(_, isOutOfTurn: false), .admitted:
            // The bytes are copied, because keeping the buffer would double a connection's memory.
            decoder.receive(bytes)
            return []
        case .judging(_, isOutOfTurn: true), .refused, .closed:
            // The bytes are dropped; after too many of them the connection is aborted.
            droppedByteCount += bytes.count
            return droppedByteCount > ServerLimits.closingByteCount ? abort() : []
        }
    }

    /// Notes whether the channel accepts more bytes.
    mutating func writabilityChanged(to isWritable: Bool) { self.isWritable = isWritable }

    /// Ends the session, because the connection is gone.
    mutating func end() -> [SessionAction] {
        switch state {
        case .closed: return []
        case .handshaking, .awaitingHello, .judging, .refused, .admitted:
            state = .closed
            decoder = FrameDecoder(limit: 0)
            return [.end]
        }
    }

    /// Closes the connection after all frames were written.
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

    /// Processes one received frame; `nil` if there is none, or no room for it.
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

    /// Refuses a frame that is not allowed in this state.
    private mutating func refuseFrame(_ error: ChatError) -> [SessionAction] {
        switch state {
        case .judging(let since, _):
            // It is refused together with the Hello. An earlier answer would show how long judging
            // the Hello takes.
            state = .judging(since: since, isOutOfTurn: true)
            return []
        case .handshaking, .awaitingHello, .admitted, .refused, .closed: return refuse(error)
        }
    }

    /// Returns an action if reading from the channel must start or stop.
    mutating func adjustReading() -> [SessionAction] {
        let reading =
            switch state {
            case .admitted(_, let window): window.isOpen(wasOpen: isReading) && isWritable
            // A closing connection is still read, so that its client can read the reason.
            case .handshaking, .awaitingHello, .judging, .refused, .closed: true
            }
        guard reading != isReading else { return [] }
        isReading = reading
        return [.read(reading)]
    }

    // MARK: The engine

    /// Follows an order of the engine; `head` is the last entry that was delivered to this loop.
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

    /// Takes new entries of this loop, from `first` to `head`.
    mutating func deliver(from first: UInt64, head: UInt64) -> SessionFeed.Delivery {
        switch state {
        case .admitted(var feed, let window):
            let delivery = feed.deliver(from: first, head: head, isWritable: isWritable)
            state = .admitted(feed, window)
            return delivery
        case .handshaking, .awaitingHello, .judging, .refused, .closed: return .skip
        }
    }

    /// Takes lines of the registry that follow the entry `seq`.
    mutating func announce(_ frame: ByteBuffer, after seq: UInt64) -> [SessionAction] {
        withAdmitted { feed, _ in feed.announce(frame, after: seq) }
    }

    /// Returns requests for the next pages, if the channel has room for them.
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

    /// Changes the feed and the window of an admitted session; returns the frames to write.
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

    /// Sends one frame with the reason, then closes.
    private mutating func refuse(_ error: ChatError) -> [SessionAction] {
        switch state {
        case .judging(let since, _):
            // Every refusal comes after the same time, so its time does not show whether the server
            // knows the key.
            state = .refused(error)
            return [.refuse(at: since + .milliseconds(ServerLimits.refusalDelayMilliseconds))]
        // The refusal is already on its way, and later frames do not change its time.
        case .refused, .closed: return []
        case .handshaking, .awaitingHello, .admitted: return sayAndClose(error)
        }
    }

    /// Sends the refusal; the handler calls it at the time of `refuse(at:)`.
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
