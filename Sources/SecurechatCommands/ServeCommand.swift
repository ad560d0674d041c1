import ArgumentParser
import ChatProtocol
import ChatServer
import CommandSupport
import CryptoCore
import DurableFiles
import Failures
import KeyFormats
import Keystore
import Logging
import Registry
import ServiceLifecycle
import UnixSignals

/// The command `securechat serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run a chat server.",
        discussion: """
            The members are all people that keyctl list shows in this home; if there is a group \
            "lobby", only its members are (keyctl group add lobby NAME …). Settings come from \
            config.json (server_ip, server_port, identity, admin, history, retention_days, \
            retention_mib), from variables (SECURECHAT_SERVER_PORT, …) and from options; a later \
            source wins.

            The first time, it makes the identity "server" and writes server.pub, to be handed out.

            Examples:
              securechat serve
              securechat serve --listen 0.0.0.0:5000 --admin alice
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sealing: SealingOptions

    @Option(
        help: ArgumentHelp("Settings (default: config.json, if it is there).", valueName: "file")
    )
    var config: String?
    @Option(
        help: ArgumentHelp(
            "Address to listen on (default: 127.0.0.1:5000).",
            valueName: "host:port"
        ),
        transform: Address.init
    )
    var listen: Address?
    @Option(
        help: ArgumentHelp("The server's identity (default: server).", valueName: "name"),
        transform: KeyName.argument
    )
    var identity: KeyName?
    @Option(
        help: ArgumentHelp("Make this member an admin; may be repeated.", valueName: "name"),
        transform: KeyName.argument
    )
    var admin: [KeyName] = []

    /// The address of the server, as `--json` prints it.
    private struct Listening: Encodable {
        let event = "listening"
        let address: String
        let port: Int
        let server: String
        let fingerprint: String
    }

    func run() async throws {
        let source = ServeSettings(path: config, listen: listen, admins: admin)
        let settings = try await source.read()
        settings.printWarnings()
        try settings.requireRightTypes()
        let configuration = try source.configuration(settings)
        var keystore = try global.keystore()
        // The engine must not wait for the lock of a folder. The next command updates the folders.
        keystore.whenRegistryGrew = { _ in }
        let name = try identity ?? KeyName(settings.string("identity") ?? "server")
        let unlocked = try unlockOrMake(name, &keystore)
        let fingerprint =
            unlocked.record.identity.latest.fingerprint?.description ?? ""
        let json = global.json
        let opener = global.unattendedOpener
        let logger = ServerLog.logger()
        let home = keystore.home
        let (requests, asked) = AsyncStream.makeStream(of: SettingsRequest.self)
        let server = ChatServer(
            configuration: configuration,
            keystore: keystore,
            unlocked: unlocked,
            storePath: home.chatPath + "/\(name).sqlite",
            logger: logger,
            reopen: { keystore in
                try opener.open(keystore.record(name), in: keystore, unattended: true)
            },
            askForSettings: { asked.yield(.admin) },
            listening: { host, port in
                let address = AddressText.text(host: host, port: port)
                if json {
                    try? Report.json(
                        Listening(
                            address: address,
                            port: port,
                            server: name.description,
                            fingerprint: fingerprint
                        )
                    )
                } else {
                    Report.result("\(name) \(fingerprint)")
                    Report.result("listening on \(address)")
                }
            }
        )
        let reloading = ReloadService(
            server: server,
            source: source,
            logger: logger,
            requests: requests,
            asked: asked
        )
        try await serve(server, reloading)
        ServerLog.finish()
    }

    private func serve(
        _ server: ChatServer,
        _ reloading: ReloadService
    ) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    // The command /shutdown of an admin ends this service, and with it the process.
                    .init(
                        service: server,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    ),
                    .init(service: reloading),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: ServerLog.quiet
            )
        )
        try await group.run()
    }

    private func unlockOrMake(
        _ name: KeyName,
        _ keystore: inout Keystore
    ) throws -> UnlockedIdentity {
        if let record = try keystore.records().first(where: { $0.name == name }) {
            guard record.isServer else { throw ChatError.notAServer(name) }
            return try global.opener.open(record, in: keystore, unattended: true)
        }
        let protection = try sealing.protection(
            global,
            prompt: "New passphrase for the server's identity \"\(name)\"",
            reusing: true
        )
        let key = try RSAPrivateKey.generate(bitCount: 3072)
        let record = try keystore.create(name, key: key, isServer: true, protection: protection)
        let path = keystore.home.publicKeyPath(name)
        try DurableFile.replace(
            path,
            with: PEM.publicKey(record.identity.latest.keyDER).borrowedBytes,
            mode: DurableFile.publicMode
        )
        Report.note("made the server's identity \"\(name)\"; hand out \(path)")
        Report.note("each person who wants to connect runs: keyctl import \(name).pub")
        Report.note(
            "its revocation, for use if its key is lost (keep a copy elsewhere): "
                + keystore.preparedRevocationPath(record, version: 1)
        )
        var passphrase: Passphrase?
        if case .passphrase(let given, _) = protection { passphrase = given }
        return try keystore.unlock(record, passphrase: passphrase)
    }
}

/// The source of a request to read the settings again.
private enum SettingsRequest {
    case signal
    case admin
}

/// Reads the settings again at each SIGHUP, and when an admin asks.
///
/// It ends no session.
private struct ReloadService: Service {
    let server: ChatServer
    let source: ServeSettings
    let logger: Logger
    let requests: AsyncStream<SettingsRequest>
    let asked: AsyncStream<SettingsRequest>.Continuation

    func run() async throws {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sighup)
                    .cancelOnGracefulShutdown()
                { asked.yield(.signal) }
            }
            for await request in requests.cancelOnGracefulShutdown() { await read(for: request) }
            tasks.cancelAll()
        }
    }

    private func read(for request: SettingsRequest) async {
        do {
            let settings = try await source.read()
            // The log never blocks, while standard error may be a full pipe.
            for warning in settings.warnings { logger.warning("\(warning)") }
            if let hint = settings.hint { logger.warning("\(hint)") }
            try settings.requireRightTypes()
            server.reload(try source.configuration(settings), isAnswer: request == .admin)
        } catch {
            let reason = Report.message(of: error)
            logger.error("the settings stay as they were: \(reason)")
            if request == .admin { server.keepSettings(reason) }
        }
    }
}

extension ChatError {
    static func notAServer(_ name: KeyName) -> ChatError {
        ChatError(
            .configuration,
            "\"\(name)\" is the identity of a person, and a server needs its own identity",
            hint: "choose another name with --identity; a new identity is made for a new name"
        )
    }
}
