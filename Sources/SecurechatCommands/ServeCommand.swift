import ArgumentParser
import ChatProtocol
import ChatServer
import CommandSupport
import CryptoCore
import DurableFiles
import KeyFormats
import Keystore
import Logging
import Registry
import ServiceLifecycle
import UnixSignals

/// `securechat serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run a chat server.",
        discussion: """
            Takes part: whoever keyctl list shows here, or the group "lobby" alone, where there is \
            one (keyctl group add lobby NAME …). Settings come from config.json (server_ip, \
            server_port, identity, admin, history, retention_days, retention_mib), from variables \
            (SECURECHAT_SERVER_PORT, …) over it, and from options over both.

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
        transform: KeyName.option
    )
    var identity: KeyName?
    @Option(
        help: ArgumentHelp("Make this member an admin; may be repeated.", valueName: "name"),
        transform: KeyName.option
    )
    var admin: [KeyName] = []

    private struct Listening: Encodable {
        let event = "listening"
        let address: String
        let port: Int
        let server: String
        let fingerprint: String
    }

    func run() async throws {
        let settings = try await Settings(
            path: config ?? "config.json",
            isNamed: config != nil
        )
        let configuration = try serverConfiguration(settings)
        var keystore = try global.keystore()
        let name = try identity ?? KeyName(settings.string("identity") ?? "server")
        let unlocked = try unlockOrMake(name, &keystore)
        let fingerprint =
            unlocked.record.identity.latest.fingerprint?.description ?? ""
        let json = global.json
        let home = keystore.home
        let server = ChatServer(
            configuration: configuration,
            keystore: keystore,
            unlocked: unlocked,
            storePath: home.chatPath + "/\(name).sqlite",
            logger: LogSetup.logger(),
            listening: { address in
                let port = Int(address.split(separator: ":").last ?? "") ?? 0
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
        try await serve(server)
    }

    private func serve(_ server: ChatServer) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    // An admin's /shutdown ends the service, and with it the process.
                    .init(
                        service: server,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    ),
                    .init(service: ReloadService(server: server)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: LogSetup.quiet
            )
        )
        try await group.run()
    }

    private func serverConfiguration(_ settings: Settings) throws -> ServerConfiguration {
        var configuration = ServerConfiguration(
            host: listen?.host ?? settings.string("server_ip") ?? "127.0.0.1",
            port: try listen?.port ?? settings.integer("server_port") ?? Address.standardPort
        )
        configuration.admins = try admin + settings.strings("admin").map { try KeyName($0) }
        func bounded(_ key: String, _ range: ClosedRange<Int>, _ value: inout Int) throws {
            guard let number = try settings.integer(key) else { return }
            guard range.contains(number) else {
                throw ChatError.badSetting(
                    key,
                    "\(number)",
                    "it must be from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            value = number
        }
        try bounded("history", 1...10_000, &configuration.historyCount)
        try bounded("retention_days", 0...3_650, &configuration.retentionDays)
        try bounded("retention_mib", 1...1_000_000, &configuration.retentionMiB)
        try bounded("login_seconds", 1...600, &configuration.limits.loginSeconds)
        try bounded("unauthenticated", 1...100_000, &configuration.limits.unauthenticatedCount)
        try bounded("handshakes_per_second", 1...100_000, &configuration.limits.handshakesPerSecond)
        guard (0...65_535).contains(configuration.port) else {
            throw ChatError.badSetting(
                "server_port",
                "\(configuration.port)",
                "it must be below 65536"
            )
        }
        return configuration
    }

    private func unlockOrMake(
        _ name: KeyName,
        _ keystore: inout Keystore
    ) throws -> UnlockedIdentity {
        if let record = try keystore.records().first(where: { $0.name == name }) {
            guard record.isServer else { throw ChatError.notAServer(name) }
            return try global.unlock(record, in: keystore)
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

/// Looks at registry and settings when SIGHUP comes; drops nobody.
private struct ReloadService: Service {
    let server: ChatServer

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            server.reload()
        }
    }
}

/// Where a server's log goes: standard error, without anything that was said.
enum LogSetup {
    static func logger() -> Logger {
        Logger(label: "securechat", factory: { StreamLogHandler.standardError(label: $0) })
    }

    static let quiet = Logger(label: "services", factory: { _ in SwiftLogNoOpLogHandler() })
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

extension KeyName {
    /// Reads a name from the command line, so that a wrong one is a usage error.
    static func option(_ text: String) throws -> KeyName {
        do { return try KeyName(text) } catch {
            throw ValidationError("\(error.message); \(error.hint ?? "")")
        }
    }
}
