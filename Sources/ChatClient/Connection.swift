import ChatProtocol
import CryptoCore
import Glibc
import KeyFormats
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

/// One TLS connection to the pinned server, after its certificate was checked.
struct Connection: Sendable {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    let verdict: ServerPin.Verdict

    private static let connectTimeout = TimeAmount.seconds(10)

    /// Connects and checks the server's certificate against the pin; throws `ChatError`.
    static func open(
        host: String,
        port: Int,
        pin: ServerPin,
        keys: SessionKeys,
        group: any EventLoopGroup,
        becameWritable: @escaping @Sendable () -> Void
    ) async throws -> Connection {
        let context = try tlsContext(keys)
        let judged = NIOLockedValueBox<Result<ServerPin.Verdict, ChatError>?>(nil)
        let address = "\(host):\(port)"
        let handshake = Handshake()
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(connectTimeout)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let tls = try NIOSSLClientHandler(
                            context: context,
                            serverHostname: nil,
                            customVerificationCallback: { certificates, promise in
                                let der = (try? certificates.first?.toDERBytes()) ?? []
                                do throws(ChatError) {
                                    let verdict = try pin.judge(der, at: .now)
                                    judged.withLockedValue { $0 = .success(verdict) }
                                    promise.succeed(.certificateVerified)
                                } catch {
                                    judged.withLockedValue { $0 = .failure(error) }
                                    promise.succeed(.failed)
                                }
                            }
                        )
                        try channel.pipeline.syncOperations.addHandlers([
                            tls, HandshakeHandler(handshake), KeepAliveHandler(),
                            WritabilityHandler(becameWritable),
                        ])
                        return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                            wrappingChannelSynchronously: channel
                        )
                    }
                }
            let completed = await handshake.wait()
            switch judged.withLockedValue({ $0 }) {
            case .success(let verdict) where completed:
                return Connection(channel: channel, verdict: verdict)
            case .failure(let error):
                await discard(channel)
                throw error
            case .success, nil:
                await discard(channel)
                throw ChatError.unreachable(address, "it does not speak securechat")
            }
        } catch let error as ChatError {
            throw error
        } catch {
            throw ChatError.unreachable(address, reason(error))
        }
    }

    /// Closes a connection that was opened and is not used.
    func discard() async { await Connection.discard(channel) }

    private static func discard(_ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        try? await channel.executeThenClose { _, _ in }
    }

    /// Closes the channel after `seconds`; the caller cancels it if the connection goes on.
    func closeLater(in seconds: Int64) -> Scheduled<Void> {
        let channel = channel.channel
        return channel.eventLoop.scheduleTask(in: .seconds(max(1, seconds))) {
            channel.close(promise: nil)
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let failure = error as? NIOConnectionError else { return "\(error)" }
        guard let first = failure.connectionErrors.first?.error as? IOError else {
            return "its name is unknown, or it does not answer"
        }
        return unsafe String(cString: strerror(first.errnoCode)).lowercased()
    }

    private static func tlsContext(_ keys: SessionKeys) throws -> NIOSSLContext {
        let key = try keys.tlsKey.derRepresentation()
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = [
            .certificate(
                try NIOSSLCertificate(
                    bytes: keys.certificate.certificate.derRepresentation,
                    format: .der
                )
            )
        ]
        // NIOSSL takes an array. The key is only for TLS, and only for one session; it is not the
        // identity's key.
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(bytes: key.publicBytes, format: .der)
        )
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates([])
        configuration.certificateVerification = .noHostnameVerification
        return try NIOSSLContext(configuration: configuration)
    }
}
