package import ChatProtocol
internal import CryptoCore
package import Foundation
internal import NIOCore
internal import SwiftProtobuf
internal import Synchronization

/// One client's connection to a lying server.
package final class LyingConnection: Sendable, FrameReceiver {
    private struct State {
        var log: ForgedLog?
        var answersPings = true
    }

    private let channel: any Channel
    private let state = Mutex(State())
    /// What the client sent.
    package let inbox = FrameInbox()

    init(_ channel: any Channel) { self.channel = channel }

    /// From now on, what the client publishes is appended to a log and told to the client, as an
    /// honest server would.
    package func store(in log: ForgedLog?) { state.withLock { $0.log = log } }

    /// Stops reading: what the client writes stays in its own buffers.
    package func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func handshakeCompleted() {}

    func receive(_ frame: WireFrame) {
        inbox.add(frame)
        switch frame.kind {
        case .ping: write([.with { $0.pong = .init() }])
        case .publish(let publish):
            guard let log = state.withLock({ $0.log }) else { return }
            let entry = log.add(publish.kind, publish.body)
            write([log.stretch(from: entry.seq)])
        default: return
        }
    }

    func finish() { inbox.finish() }

    /// Sends frames, without waiting for their arrival.
    package func send(_ frames: WireFrame...) { write(frames) }

    /// Sends bytes, and waits until they have left; `false` where the connection is gone, or where
    /// the client does not read them in time.
    @discardableResult
    package func send(bytes: [UInt8], within limit: Duration = .seconds(10)) async -> Bool {
        await channel.deliver(bytes, within: limit)
    }

    private func write(_ frames: [WireFrame]) {
        var buffer = ByteBuffer()
        for frame in frames { buffer.writeBytes(FrameCodec.encode(frame)) }
        channel.writeAndFlush(buffer, promise: nil)
    }

    /// Asks whether the client has dealt with everything that was sent; `false` where it gives no
    /// answer in time.
    @discardableResult
    package func settle(within limit: Duration = .seconds(20)) async -> Bool {
        send(.with { $0.ping = .init() })
        return await inbox.next(within: limit) { frame in
            if case .pong = frame.kind { true } else { false }
        } != nil
    }

    /// Lets a client in: the registry from the client's count on, then a welcome.
    ///
    /// Without a `start`, the client begins at its cursor, or at the log's end.
    @discardableResult
    package func logIn(
        _ registry: ForgedRegistry,
        _ log: ForgedLog,
        start: LogPosition? = nil,
        head: LogPosition? = nil,
        _ change: (inout WireWelcome) -> Void = { _ in }
    ) async throws -> WireHello {
        let hello = try await hello()
        var welcome = WireWelcome()
        welcome.room = ForgedLog.room
        welcome.head = (head ?? log.head).wire
        welcome.start = start?.wire ?? (hello.hasCursor ? hello.cursor : log.head.wire)
        welcome.historyLimit = 100
        change(&welcome)
        let frame = WireFrame.with { $0.welcome = welcome }
        send(try registry.update(from: Int(clamping: hello.registryCount)), frame)
        return hello
    }

    /// The client's first frame.
    package func hello() async throws -> WireHello {
        let frame = await inbox.next { if case .hello = $0.kind { true } else { false } }
        guard case .hello(let hello) = frame?.kind else {
            throw AttackError.missing("the client's hello")
        }
        return hello
    }

    /// The next announcement or message that the client publishes.
    package func publish(
        _ kind: WireEntryKind,
        within limit: Duration = .seconds(10)
    ) async -> Data? {
        let frame = await inbox.next(within: limit) { $0.publish.kind == kind }
        return frame?.publish.body
    }

    /// Ends the connection.
    package func close() async { try? await channel.close() }
}
