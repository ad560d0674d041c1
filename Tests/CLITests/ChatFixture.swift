import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Keystore
import Registry
import TestSupport
import Testing

/// A server and people with their own homes in one folder; all are real processes.
final class ChatFixture: Sendable {
    let folder: TemporaryFolder
    let port: Int
    let server: Child

    init(folder: TemporaryFolder, port: Int, server: Child) {
        self.folder = folder
        self.port = port
        self.server = server
    }

    /// Makes people, starts a server, and lets them import each other.
    static func start(
        _ people: [String],
        admins: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> ChatFixture {
        let folder = try TemporaryFolder()
        for name in people { try await makePerson(name, folder) }
        let fixture = try await serve(folder, port: 0, admins: admins, environment: environment)
        for name in people {
            try await fixture.register(name)
            try await fixture.keyctl(["import", "server/server.pub"], home: name)
        }
        return fixture
    }

    /// Starts a server, on a given port if there is one.
    static func serve(
        _ folder: TemporaryFolder,
        port: Int,
        admins: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> ChatFixture {
        let server = try Child(
            "securechat",
            ["serve", "--home", "server", "--no-passphrase", "--json"]
                + ["--listen", "127.0.0.1:\(port)"] + admins.flatMap { ["--admin", $0] },
            folder: folder.path,
            environment: environment
        )
        let line = try #require(await server.line(with: "listening"))
        let number = try #require(
            line.split(separator: ":").compactMap { part in
                Int(part.prefix { $0.isNumber })
            }.max()
        )
        return ChatFixture(folder: folder, port: number, server: server)
    }

    static func makePerson(_ name: String, _ folder: TemporaryFolder) async throws {
        let made = try await Command.run(
            "keyctl",
            ["gen", "--home", name, "--user", name, "--bits", "2048", "--no-passphrase"]
                + ["--out", "\(name).pub"],
            folder: folder.path
        )
        try #require(made.status == 0, "\(made.errors)")
    }

    @discardableResult
    func keyctl(_ arguments: [String], home: String) async throws -> Command {
        let result = try await Command.run(
            "keyctl",
            arguments + ["--home", home],
            folder: folder.path
        )
        try #require(result.status == 0, "\(arguments): \(result.errors)")
        return result
    }

    func register(_ name: String) async throws {
        try await keyctl(["import", "\(name).pub", "--user", name], home: "server")
    }

    /// Starts a client that speaks JSON, and waits until it has logged in.
    func join(_ name: String, home: String? = nil) async throws -> Child {
        let client = try connect(name, home: home)
        guard await client.line(with: "\"ready\"") != nil else {
            let said = await client.allLines().joined(separator: "\n")
            let status = await client.exit()
            Issue.record("\(name) did not get in: \(status) \(said) \(await client.allErrors())")
            return client
        }
        return client
    }

    /// Starts a client without waiting.
    func connect(
        _ name: String,
        home: String? = nil,
        port: Int? = nil,
        reader: String? = nil
    ) throws -> Child {
        try Child(
            "securechat",
            ["connect", "127.0.0.1:\(port ?? self.port)", "--home", home ?? name, "--json"]
                + (reader.map { ["--reader", $0] } ?? []),
            folder: folder.path,
            speaksJSON: true
        )
    }

    /// Returns the unlocked identity of a home, for tests that speak the protocol themselves.
    func unlocked(_ name: String) throws -> UnlockedIdentity {
        let keystore = try Keystore(home: Home(path: folder.file(name)))
        return try keystore.unlock(keystore.defaultRecord(), passphrase: nil)
    }

    /// Returns the id of the chat.
    func chat() throws -> SHA256Digest {
        let keystore = try Keystore(home: Home(path: folder.file("server")))
        return try keystore.record(KeyName("server")).identity.id
    }
}

extension Child {
    /// Returns the messages in this client's output until now.
    func messages(replay: Bool = false) async -> [ReceivedMessage] {
        await allLines().compactMap { ReceivedMessage($0) }.filter { $0.isReplay == replay }
    }
}

/// A message in the form that a program reads.
struct ReceivedMessage: Decodable {
    let event: String
    let from: String
    let text: String
    let seq: Int
    let id: String
    let replay: Bool?

    var isReplay: Bool { replay == true }

    init?(_ line: String) {
        guard line.contains("\"event\":\"message\""),
            let message = try? JSONDecoder().decode(ReceivedMessage.self, from: Data(line.utf8))
        else { return nil }
        self = message
    }
}
