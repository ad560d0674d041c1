import ChatProtocol
import CryptoCore
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import TestSupport

/// A client that sends what a test wants, over TLS with any certificate, or over plain TCP.
final class RawClient: Sendable {
    private let channel: any Channel
    private let frames: AsyncStream<WireFrame>

    /// Connects with a session's keys.
    ///
    /// The server's certificate is not verified.
    static func connect(_ keys: SessionKeys, port: Int) async throws -> RawClient {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = [
            .certificate(
                try NIOSSLCertificate(
                    bytes: keys.certificate.certificate.derRepresentation,
                    format: .der
                )
            )
        ]
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(bytes: keys.tlsKey.derRepresentation().publicBytes, format: .der)
        )
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        return try await RawClient(port: port) {
            try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
    }

    /// Connects without TLS.
    static func bare(port: Int) async throws -> RawClient {
        try await RawClient(port: port) { nil }
    }

    private init(
        port: Int,
        tls: @escaping @Sendable () throws -> NIOSSLClientHandler?
    ) async throws {
        let (frames, continuation) = AsyncStream<WireFrame>.makeStream()
        self.frames = frames
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let handler = try tls() {
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(FrameReader(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ frame: WireFrame) { send(bytes: FrameCodec.encode(frame)) }

    func send(bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Returns the next frame that fits, or `nil` if the server closes before.
    func next(_ isWanted: (WireFrame) -> Bool = { _ in true }) async -> WireFrame? {
        for await frame in frames where isWanted(frame) { return frame }
        return nil
    }

    /// Returns all frames until the server closes.
    func untilClose() async -> [WireFrame] {
        var all: [WireFrame] = []
        for await frame in frames { all.append(frame) }
        return all
    }

    /// Stops reading from the server.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func close() async { try? await channel.close() }

    static func hello(_ change: (inout WireHello) -> Void = { _ in }) -> WireFrame {
        var hello = WireHello()
        hello.protocol = 1
        hello.room = "lobby"
        change(&hello)
        var frame = WireFrame()
        frame.hello = hello
        return frame
    }
}

private final class FrameReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var decoder = FrameDecoder(limit: FrameCodec.limit)
    private let frames: AsyncStream<WireFrame>.Continuation

    init(_ frames: AsyncStream<WireFrame>.Continuation) { self.frames = frames }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.receive(unwrapInboundIn(data).readableBytesView)
        while let frame = try? decoder.next() { frames.yield(frame) }
    }

    func channelInactive(context: ChannelHandlerContext) { frames.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
