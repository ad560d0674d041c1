package import ChatProtocol
internal import CryptoCore
package import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import SwiftProtobuf
internal import Synchronization

/// A connection to a real server by a stranger or a member, with a session of any shape.
///
/// It sends whatever the attack writes, before and after a login.
package final class HostileMember: Sendable {
    /// Whether the connection reads what the server sends.
    package enum Reading: Sendable {
        case always
        /// It reads until `stopReading`, and has a small receive buffer.
        case narrow
    }

    private static let narrowByteCount = 4 << 10
    private let channel: any Channel
    private let tracker: Tracker
    /// The session of the connection.
    package let session: ForgedSession

    /// The frames that the server sent.
    package var inbox: FrameInbox { tracker.inbox }
    /// The end of the room's log, as far as the server told it.
    package var head: LogPosition { tracker.head }

    /// Whether the connection is still open.
    package var isOpen: Bool { channel.isActive }

    /// Connects and completes the handshake.
    ///
    /// The server's certificate is not verified.
    package init(
        _ session: ForgedSession,
        port: Int,
        reading: Reading = .always
    ) async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = [
            .certificate(try NIOSSLCertificate(bytes: session.certificate, format: .der))
        ]
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(bytes: session.tlsKey, format: .der)
        )
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        let tracker = Tracker(.beginning(chat: session.chat, room: ForgedLog.room))
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        try NIOSSLClientHandler(context: context, serverHostname: nil),
                        FrameHandler(tracker),
                    ])
                }
            }
        if reading == .narrow {
            bootstrap = bootstrap.channelOption(
                .socketOption(.so_rcvbuf),
                value: HostileMember.narrowByteCount
            )
        }
        channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        self.tracker = tracker
        self.session = session
        let isReady = await Deadline.first(within: .seconds(20)) { () -> Bool? in
            for await _ in tracker.handshake { return true }
            return nil
        }
        if isReady == nil { throw AttackError.missing("a handshake") }
    }

    /// Sends a Hello and waits for the welcome; throws `AttackError` if none comes.
    package func logIn(_ change: (inout WireHello) -> Void = { _ in }) async throws {
        send(HostileMember.hello(change))
        guard case .welcome = await answer().kind else {
            throw AttackError.missing("a welcome: \(inbox.all.suffix(1))")
        }
    }

    /// Returns the next welcome or refusal; an empty frame if the server closes the connection.
    package func answer(within limit: Duration = .seconds(20)) async -> WireFrame {
        await inbox.next(within: limit) { frame in
            switch frame.kind {
            case .welcome, .refusal: true
            default: false
            }
        } ?? WireFrame()
    }

    /// Returns a Hello.
    package static func hello(_ change: (inout WireHello) -> Void = { _ in }) -> WireFrame {
        var hello = WireHello()
        hello.protocol = 1
        hello.room = ForgedLog.room
        change(&hello)
        return .with { $0.hello = hello }
    }

    /// Publishes a body.
    package func publish(_ kind: WireEntryKind, _ body: Data) {
        send(
            .with {
                $0.publish.kind = kind
                $0.publish.body = body
            }
        )
    }

    /// Asks for the list of members and returns how long the answer took; `nil` if none comes in
    /// time.
    package func who(within limit: Duration = .seconds(20)) async -> Duration? {
        let clock = ContinuousClock()
        let start = clock.now
        send(.with { $0.whoRequest = .init() })
        let answer = await inbox.next(within: limit) { frame in
            if case .who = frame.kind { true } else { false }
        }
        return answer == nil ? nil : clock.now - start
    }

    /// Sends frames without waiting.
    package func send(_ frames: WireFrame...) {
        send(unwaited: frames.flatMap { FrameCodec.encode($0) })
    }

    /// Sends bytes without waiting.
    package func send(unwaited bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Sends bytes and waits until they have left; returns `false` if that fails or takes too long.
    @discardableResult
    package func send(bytes: [UInt8], within limit: Duration = .seconds(10)) async -> Bool {
        await channel.deliver(bytes, within: limit)
    }

    /// Stops reading: what the server sends stays in the server's own buffers.
    package func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    /// Ends the connection.
    package func close() async { try? await channel.close() }
}

/// Stores the server's frames, and tracks the end of its log.
private final class Tracker: FrameReceiver {
    let inbox = FrameInbox()
    let handshake: AsyncStream<Void>
    private let handshakeEnd: AsyncStream<Void>.Continuation
    private let position: Mutex<LogPosition>

    init(_ beginning: LogPosition) {
        position = Mutex(beginning)
        (handshake, handshakeEnd) = AsyncStream.makeStream()
    }

    func handshakeCompleted() { handshakeEnd.yield() }

    var head: LogPosition { position.withLock { $0 } }

    func receive(_ frame: WireFrame) {
        switch frame.kind {
        case .welcome(let welcome):
            if let head = LogPosition(welcome.head) { position.withLock { $0 = head } }
        case .entries(let stretch):
            position.withLock { position in
                for entry in stretch.entries {
                    position = position.advanced(over: entry) ?? position
                }
            }
        default: break
        }
        inbox.add(frame)
    }

    func finish() {
        handshakeEnd.finish()
        inbox.finish()
    }
}
