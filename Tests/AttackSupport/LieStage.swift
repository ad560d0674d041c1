internal import TestSupport

/// The setting of one lie: a server with its registry and log, and clients with their own homes.
///
/// It is not sendable. It belongs to the task that tells the lie.
package final class LieStage {
    /// The world with all keys.
    package let world: AttackWorld
    /// The server.
    package let server: LyingServer
    /// The registry of the server.
    ///
    /// It is true until the lie changes it.
    package var registry: ForgedRegistry
    /// The log of the server.
    ///
    /// It is empty at first.
    package var log: ForgedLog
    private let folder: TemporaryFolder

    /// Starts a server with the true key, or with another session's key.
    package init(_ world: AttackWorld, as session: ForgedSession? = nil) async throws {
        self.world = world
        folder = try TemporaryFolder()
        registry = try ForgedRegistry(world)
        log = ForgedLog(chat: world.chat)
        if let session {
            server = try await LyingServer.start(session)
        } else {
            server = try await LyingServer.start(world)
        }
    }

    /// Copies a member's home into the folder.
    package func makeHome(_ name: String) throws { try world.copy([name], to: folder) }

    /// Changes a member's own registry with `keyctl`.
    @discardableResult
    package func keyctl(_ arguments: [String], home: String) async throws -> String {
        let result = try await Command.run(
            "keyctl",
            arguments + ["--home", home],
            folder: folder.path
        )
        guard result.status == 0 else { throw AttackError.missing("\(arguments): \(result)") }
        return result.output
    }

    /// Writes a file of statements for `keyctl import`.
    package func writeStatements(_ file: String, _ lines: [[UInt8]]) throws {
        let text = lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        try folder.write(file, "keyctl-statements v1\n" + text)
    }

    /// Returns the statements in a file that `keyctl` wrote.
    package func statements(_ file: String) throws -> [[UInt8]] {
        try folder.read(file).split(separator: UInt8(ascii: "\n")).dropFirst().map(Array.init)
    }

    /// Starts a member's client.
    package func client(
        _ name: String,
        json: Bool = true,
        _ arguments: [String] = []
    ) throws -> Victim {
        Victim(
            try Child(
                "securechat",
                ["connect", "127.0.0.1:\(server.port)", "--home", name, "--user", name]
                    + (json ? ["--json"] : []) + arguments,
                folder: folder.path,
                speaksJSON: json
            )
        )
    }

    /// Starts a member's client and lets it log in.
    ///
    /// Its entries are stored honestly.
    package func member(
        _ name: String,
        _ arguments: [String] = []
    ) async throws -> (victim: Victim, connection: LyingConnection) {
        try makeHome(name)
        return try await returning(name, arguments)
    }

    /// Starts a client whose home exists, and lets it log in.
    package func returning(
        _ name: String,
        _ arguments: [String] = []
    ) async throws -> (victim: Victim, connection: LyingConnection) {
        let victim = try client(name, arguments)
        let connection = try await server.connection()
        connection.store(in: log)
        try await connection.logIn(registry, log)
        guard await victim.prints("\"ready\"") else {
            throw AttackError.missing("a client that is in: \(victim.linesSoFar)")
        }
        return (victim, connection)
    }
}
