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

/// A running chat server: sockets, timers and signals around the engine.
public struct ChatServer: Service {
    private let configuration: ServerConfiguration
    private let keystore: Keystore
    private let unlocked: UnlockedIdentity
    private let storePath: String
    private let logger: Logger
    private let reopen: @Sendable (Keystore) throws -> UnlockedIdentity
    private let askForSettings: @Sendable () -> Void
    private let listening: @Sendable (_ host: String, _ port: Int) -> Void
    private let mailbox = Mailbox()

    private static let pollInterval = Duration.milliseconds(200)
    private static let pollsAPrune = 300
    private static let lastWordsInterval = Duration.milliseconds(20)
    private static let lastWordsPolls = 75

    /// Prepares a server.
    ///
    /// `reopen` opens the server's identity without asking a person, after its key was rotated and
    /// its passphrase changed. `askForSettings` asks the program to read its settings for an admin;
    /// the program answers with `reload` or `keepSettings`. `listening` is called with the address
    /// when clients may connect.
    public init(
        configuration: ServerConfiguration,
        keystore: Keystore,
        unlocked: UnlockedIdentity,
        storePath: String,
        logger: Logger,
        reopen: @escaping @Sendable (Keystore) throws -> UnlockedIdentity,
        askForSettings: @escaping @Sendable () -> Void,
        listening: @escaping @Sendable (_ host: String, _ port: Int) -> Void
    ) {
        self.configuration = configuration
        self.keystore = keystore
        self.unlocked = unlocked
        self.storePath = storePath
        self.logger = logger
        self.reopen = reopen
        self.askForSettings = askForSettings
        self.listening = listening
    }

    /// Applies new settings at SIGHUP: admins, limits and retention.
    ///
    /// The address does not change.
    ///
    /// With `isAnswer`, they were read because of `askForSettings`.
    public func reload(_ configuration: ServerConfiguration, isAnswer: Bool) {
        mailbox.post(.configure(configuration, isAnswer: isAnswer))
    }

    /// Answers `askForSettings`: the settings stay, because new ones could not be read.
    public func keepSettings(_ reason: String) { mailbox.post(.keepSettings(reason)) }

    /// Serves until a signal or an admin stops it.
    ///
    /// Throws `ServerError` if another server runs in the home, if the store cannot be used, or if
    /// the address cannot be used.
    public func run() async throws {
        guard let lock = try FileLock(trying: storePath + ".lock") else {
            throw ServerError.alreadyRunning
        }
        Descriptors.raiseLimit()
        // If a file exceeds a size limit, only its write fails, and the server continues.
        _ = signal(SIGXFSZ, SIG_IGN)
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
        let own = Descriptors.openCount
        let gate = ConnectionGate(limits: configuration.limits) {
            Descriptors.connectionCount(beside: own)
        }
        var engine = try Engine(
            configuration: configuration,
            identity: identity,
            keystore: keystore,
            store: store,
            loops: hubs,
            gate: gate,
            logger: logger,
            reopen: reopen,
            askForSettings: askForSettings
        )
        let listener = try await bind(identity, hubs, group, gate)
        let port = listener.localAddress?.port ?? configuration.port
        listening(configuration.host, port)
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await poll() }
                for await _ in mailbox.signals {
                    guard engine.process(mailbox.take(), mailbox) else { break }
                }
                tasks.cancelAll()
            }
        } onGracefulShutdown: {
            mailbox.stop()
        }
        try? await listener.close()
        // The last frames are being sent: wait a short time until they have arrived.
        for _ in 0..<ChatServer.lastWordsPolls where gate.openCount > 0 {
            try? await Task.sleep(for: ChatServer.lastWordsInterval)
        }
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
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(
                    low: ServerLimits.channelLowByteCount,
                    high: ServerLimits.channelHighByteCount
                )
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
                            // Every certificate is accepted, because TLS only proves possession of
                            // the key. The engine compares the certificate with the live registry,
                            // and refuses in a frame that tells the reason.
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
                        prefix: AddressPrefix(channel.remoteAddress)
                    )
                    try channel.pipeline.syncOperations.addHandlers([tls, session])
                }
            }
        do {
            return try await bootstrap.bind(host: configuration.host, port: configuration.port)
                .get()
        } catch {
            throw ServerError.cannotListen(
                AddressText.text(host: configuration.host, port: configuration.port),
                ChatServer.reason(error)
            )
        }
    }
}
