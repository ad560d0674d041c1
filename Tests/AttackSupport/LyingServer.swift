internal import ChatProtocol
internal import CryptoCore
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A TLS port on loopback that acts as a chat server.
///
/// The attack decides what it sends.
package final class LyingServer: Sendable {
    private let listener: any Channel
    private let accepted: Mutex<[LyingConnection]>
    private let waiting: AsyncStream<LyingConnection>

    /// The port.
    package var port: Int { listener.localAddress?.port ?? 0 }

    private init(
        _ listener: any Channel,
        _ waiting: AsyncStream<LyingConnection>
    ) {
        self.listener = listener
        self.waiting = waiting
        accepted = Mutex([])
    }

    /// Starts to listen, with a certificate of any shape.
    package static func start(_ session: ForgedSession) async throws -> LyingServer {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(try NIOSSLCertificate(bytes: session.certificate, format: .der))
            ],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: session.tlsKey, format: .der))
        )
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        let context = try NIOSSLContext(configuration: configuration)
        let (waiting, arrivals) = AsyncStream<LyingConnection>.makeStream()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // The attack accepts every client.
                    let tls = NIOSSLServerHandler(
                        context: context,
                        customVerificationCallback: { _, promise in
                            promise.succeed(.certificateVerified)
                        }
                    )
                    let connection = LyingConnection(channel)
                    try channel.pipeline.syncOperations.addHandlers([
                        tls, FrameHandler(connection),
                    ])
                    arrivals.yield(connection)
                }
            }
            // Small buffers between the two, so that a client that does not read is noticed soon.
            .childChannelOption(.socketOption(.so_rcvbuf), value: 16 << 10)
            .bind(host: "127.0.0.1", port: 0).get()
        return LyingServer(listener, waiting)
    }

    /// Starts a world's server with its true key.
    package static func start(_ world: AttackWorld) async throws -> LyingServer {
        try await start(
            ForgedSession("server", world, shape: ForgedSession.Shape { $0.use = .server })
        )
    }

    /// Returns the next connection; throws `AttackError` if no client connects in time.
    package func connection(within limit: Duration = .seconds(20)) async throws -> LyingConnection {
        let waiting = waiting
        let next = await Deadline.first(within: limit) { () -> LyingConnection? in
            for await connection in waiting { return connection }
            return nil
        }
        guard let next else { throw AttackError.missing("a client that connects") }
        accepted.withLock { $0.append(next) }
        return next
    }

    /// Closes all connections and the port.
    package func stop() async {
        for connection in accepted.withLock({ $0 }) { await connection.close() }
        try? await listener.close()
    }
}
