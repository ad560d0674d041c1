package import CryptoCore
internal import Foundation
internal import KeyFormats
internal import Keystore
internal import Registry
package import TestSupport

/// The homes of a server and three members.
///
/// They are made once, and each attack gets copies.
///
/// It has all private keys, so an attack can speak as anybody.
package final class AttackWorld: Sendable {
    /// The members who are registered with the server.
    package static let members = ["alice", "bob", "carol"]
    private static let bitCount = 2_048

    private let folder: TemporaryFolder
    /// The id of the chat, which is the id of the server's identity.
    package let chat: SHA256Digest
    private let keys: [String: RSAPrivateKey]

    /// The world of this test run.
    package static let shared = Task { try await AttackWorld() }

    private init() async throws {
        let folder = try TemporaryFolder()
        try await AttackWorld.makeServer(in: folder)
        for name in AttackWorld.members {
            try await AttackWorld.keyctl(
                ["gen", "--home", name, "--user", name, "--bits", "\(AttackWorld.bitCount)"]
                    + ["--no-passphrase", "--out", "\(name).pub"],
                in: folder
            )
            try await AttackWorld.keyctl(
                ["import", "\(name).pub", "--user", name, "--home", "server"],
                in: folder
            )
            try await AttackWorld.keyctl(
                ["import", "server/server.pub", "--home", name],
                in: folder
            )
        }
        var keys: [String: RSAPrivateKey] = [:]
        var unlocked: [String: UnlockedIdentity] = [:]
        for name in AttackWorld.members + ["server"] {
            let keystore = try Keystore(home: Home(path: folder.file(name)))
            let identity = try keystore.unlock(keystore.record(KeyName(name)), passphrase: nil)
            unlocked[name] = identity
            keys[name] = try identity.exportedKey(version: 1)
        }
        guard let server = unlocked["server"] else { throw AttackError.missing("a server") }
        self.folder = folder
        self.keys = keys
        chat = server.record.identity.id
    }

    /// Runs a server once, so that it makes its identity.
    private static func makeServer(in folder: TemporaryFolder) async throws {
        let server = try Child(
            "securechat",
            ["serve", "--home", "server", "--no-passphrase", "--listen", "127.0.0.1:0"],
            folder: folder.path
        )
        guard await server.line(with: "listening") != nil else {
            throw AttackError.missing("a server that starts: \(await server.allErrors())")
        }
        server.kill(SIGTERM)
        _ = await server.exit()
    }

    private static func keyctl(_ arguments: [String], in folder: TemporaryFolder) async throws {
        let result = try await Command.run("keyctl", arguments, folder: folder.path)
        guard result.status == 0 else { throw AttackError.failed(arguments, result.errors) }
    }

    /// Returns the private key of a member or of the server.
    package func key(_ name: String) throws -> RSAPrivateKey {
        guard let key = keys[name] else { throw AttackError.missing("a key of \(name)") }
        return key
    }

    /// Returns the id of a member's or the server's identity.
    package func identity(_ name: String) throws -> SHA256Digest {
        SHA256Digest(hashing: try key(name).publicKey.spkiDERRepresentation())
    }

    /// Copies homes and all public keys into a folder.
    package func copy(_ homes: [String], to target: TemporaryFolder) throws {
        for home in homes {
            try FileManager.default.copyItem(
                atPath: folder.file(home),
                toPath: target.file(home)
            )
        }
        for name in AttackWorld.members
        where !FileManager.default.fileExists(
            atPath: target.file("\(name).pub")
        ) {
            try target.write(
                "\(name).pub",
                String(decoding: folder.read("\(name).pub"), as: UTF8.self)
            )
        }
    }

    /// Returns the lines of the server's registry.
    package func registryLines() throws -> [[UInt8]] {
        try folder.read("server/registry/log").split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    /// Returns the revocation that `keyctl gen` prepared for a member's key.
    package func revocationLine(_ name: String) throws -> [UInt8] {
        let home = folder.file(name)
        for file in try FileManager.default.contentsOfDirectory(atPath: home)
        where file.contains("revocation") {
            let text = String(decoding: try folder.read("\(name)/\(file)"), as: UTF8.self)
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("revoke ") }) {
                return Array(line.utf8)
            }
        }
        throw AttackError.missing("a prepared revocation of \(name)")
    }
}
