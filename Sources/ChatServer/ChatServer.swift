internal import ChatProtocol
internal import CryptoCore
internal import DurableFiles
internal import Glibc
public import Keystore
public import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
public import ServiceLifecycle

/// A running chat server: the shell of sockets, timers and signals around the engine.
public struct ChatServer: Service {
    private let configuration: ServerConfiguration
    private let keystore: Keystore
    private let unlocked: UnlockedIdentity
    private let storePath: String
    private let logger: Logger
    private let listening: @Sendable (String) -> Void
    private let mailbox = Mailbox()

    private static let pollInterval = Duration.milliseconds(200)
    private static let pollsAPrune = 300
    private static let lastWordsInterval = Duration.milliseconds(20)
    private static let lastWordsPolls = 75

    /// Prepares a server; `listening` is told the address once clients may come.
    public init(
        configuration: ServerConfiguration,
        keystore: Keystore,
        unlocked: UnlockedIdentity,
        storePath: String,
        logger: Logger,
        listening: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.keystore = keystore
        self.unlocked = unlocked
        self.storePath = storePath
        self.logger = logger
        self.listening = listening
    }

    /// Looks at registry and keystore at once, as SIGHUP asks.
    public func reload() { mailbox.post(.reload) }

    /// Serves until it is asked to stop, by a signal or by an admin.
    public func run() async throws {
        guard let lock = try FileLock(trying: storePath + ".lock") else {
            throw ServerError.alreadyRunning
        }
        let identity = try ServerIdentity(unlocked)
        let store = try SQLiteStore(path: storePath, room: Engine.roomName, chat: identity.chat)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        do {
            try await serve(identity, store, group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
        _ = consume lock
    }

    private func serve(
        _ identity: ServerIdentity,
        _ store: SQLiteStore,
        _ group: MultiThreadedEventLoopGroup
    ) async throws {
        let hubs = group.makeIterator().map { LoopHubReference($0) }
        var engine = try Engine(
            configuration: configuration,
            identity: identity,
            keystore: keystore,
            store: store,
            hubs: hubs,
            logger: logger
        )
        let gate = ConnectionGate(limits: configuration.limits)
        let listener = try await bind(identity, hubs, group, gate)
        let port = listener.localAddress?.port ?? configuration.port
        listening("\(configuration.host):\(port)")
        var failure: (any Error)?
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await poll() }
                do {
                    for await _ in mailbox.signals {
                        guard try engine.process(mailbox.take()) else { break }
                    }
                } catch {
                    logger.critical("the store or the keystore failed: \(describe(error))")
                    failure = error
                }
                tasks.cancelAll()
            }
        } onGracefulShutdown: {
            mailbox.post(.stop)
        }
        try? await listener.close()
        // The last words are on their way: give them a moment to arrive.
        for _ in 0..<ChatServer.lastWordsPolls where failure == nil && gate.openCount > 0 {
            try? await Task.sleep(for: ChatServer.lastWordsInterval)
        }
        if let failure { throw failure }
    }

    private func describe(_ error: any Error) -> String {
        (error as? any ReportableError)?.message ?? "\(error)"
    }

    private static func reason(_ error: any Error) -> String {
        guard let failure = error as? IOError else { return "the host is not known" }
        switch failure.errnoCode {
        case EADDRINUSE: return "the address is in use"
        case EADDRNOTAVAIL: return "this machine does not have the address"
        case EACCES: return "permission denied"
        default: return "the system refused (\(failure.errnoCode))"
        }
    }

    private func poll() async {
        var count = 0
        while (try? await Task.sleep(for: ChatServer.pollInterval)) != nil {
            count += 1
            mailbox.post(.reload)
            if count.isMultiple(of: ChatServer.pollsAPrune) { mailbox.post(.prune) }
        }
    }

    private func bind(
        _ identity: ServerIdentity,
        _ hubs: [LoopHubReference],
        _ group: MultiThreadedEventLoopGroup,
        _ gate: ConnectionGate
    ) async throws -> any Channel {
        let mailbox = mailbox
        let loginSeconds = configuration.limits.loginSeconds
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: 256 << 10, high: 1 << 20)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let id = gate.enter(channel, now: .now()),
                        let hub = hubs.first(where: { $0.belongs(to: channel.eventLoop) })
                    else {
                        channel.close(promise: nil)
                        return
                    }
                    let peer = PeerCertificate()
                    let tls = NIOSSLServerHandler(
                        context: identity.context,
                        customVerificationCallback: { certificates, promise in
                            // Accepted whatever it is: TLS proves possession only. Who it is, and
                            // whether it gets in, is judged against the live registry, and a
                            // refusal is a frame that says why.
                            peer.der = try? certificates.first?.toDERBytes()
                            promise.succeed(.certificateVerified)
                        }
                    )
                    let session = SessionHandler(
                        id: id,
                        mailbox: mailbox,
                        gate: gate,
                        hub: hub.onLoop,
                        peer: peer,
                        loginSeconds: loginSeconds
                    )
                    try channel.pipeline.syncOperations.addHandlers([tls, session])
                }
            }
        do {
            return try await bootstrap.bind(host: configuration.host, port: configuration.port)
                .get()
        } catch {
            throw ServerError.cannotListen(
                "\(configuration.host):\(configuration.port)",
                ChatServer.reason(error)
            )
        }
    }
}
