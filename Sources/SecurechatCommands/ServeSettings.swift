import ChatProtocol
import ChatServer
import KeyFormats

/// The sources of a server's settings, which are read at the start and again at each SIGHUP.
struct ServeSettings: Sendable {
    /// The path of the settings file, if an option names one.
    let path: String?
    let listen: Address?
    let admins: [KeyName]

    /// Reads the file and the environment; throws `ChatError` if the file cannot be read.
    func read() async throws -> Settings {
        try await Settings(path: path ?? "config.json", isNamed: path != nil, owner: .server)
    }

    /// Combines the settings and the options; throws `ChatError` if a value is out of bounds.
    func configuration(_ settings: Settings) throws -> ServerConfiguration {
        var configuration = ServerConfiguration(
            host: listen?.host ?? settings.string("server_ip") ?? "127.0.0.1",
            port: try listen?.port ?? settings.integer("server_port") ?? Address.standardPort
        )
        configuration.admins = try admins + settings.strings("admin").map { try KeyName($0) }
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
        try bounded("silence_seconds", 1...3_600, &configuration.limits.silenceSeconds)
        guard (0...65_535).contains(configuration.port) else {
            throw ChatError.badSetting(
                "server_port",
                "\(configuration.port)",
                "it must be below 65536"
            )
        }
        return configuration
    }
}
