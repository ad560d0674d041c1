package import ChatProtocol
internal import CryptoCore
package import Foundation
internal import NIOCore
internal import SwiftProtobuf
internal import Synchronization

/// A client's connection to a lying server.
package final class LyingConnection: Sendable, FrameReceiver {
    private struct State {
        var log: ForgedLog?
        var answersPings = true
    }

    private let channel: any Channel
    private let state = Mutex(State())
    /// The frames that the client sent.
    package let inbox = FrameInbox()

    init(_ channel: any Channel) { self.channel = channel }

    /// From now on, appends the client's entries to a log and sends them back, as an honest server
    /// does.
    package func store(in log: ForgedLog?) { state.withLock { $0.log = log } }

    /// Stops reading: what the client sends stays in the client's own buffers.
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

    /// Sends frames without waiting.
    package func send(_ frames: WireFrame...) { write(frames) }

    /// Sends bytes and waits until they have left; returns `false` if the connection is gone, or if
    /// the client does not read in time.
    @discardableResult
    package func send(bytes: [UInt8], within limit: Duration = .seconds(10)) async -> Bool {
        await channel.deliver(bytes, within: limit)
    }

    private func write(_ frames: [WireFrame]) {
        var buffer = ByteBuffer()
        for frame in frames { buffer.writeBytes(FrameCodec.encode(frame)) }
        channel.writeAndFlush(buffer, promise: nil)
    }

    /// Waits until the client has processed everything; returns `false` if it does not answer in
    /// time.
    @discardableResult
    package func settle(within limit: Duration = .seconds(20)) async -> Bool {
        send(.with { $0.ping = .init() })
        return await inbox.next(within: limit) { frame in
            if case .pong = frame.kind { true } else { false }
        } != nil
    }

    /// Lets a client log in: sends the registry from the client's count on, then a welcome.
    ///
    /// Without `start`, the client begins at its cursor or at the log's end.
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

    /// Returns the client's Hello.
    package func hello() async throws -> WireHello {
        let frame = await inbox.next { if case .hello = $0.kind { true } else { false } }
        guard case .hello(let hello) = frame?.kind else {
            throw AttackError.missing("the client's hello")
        }
        return hello
    }

    /// Returns the body of the client's next announcement or message.
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
