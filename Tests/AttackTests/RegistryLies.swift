import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Registry
import SwiftProtobuf

/// Lies about the registry that clients have detected since the first version.
extension Attack {
    static let registryLies: [Attack] = [
        .lie("a server with another key") { stage, _ in
            let mallory = try RSAPrivateKey.generate(bitCount: 2_048)
            let session = try ForgedSession(
                identity: stage.world.chat,
                chat: stage.world.chat,
                issuer: mallory,
                shape: ForgedSession.Shape { $0.use = .server }
            )
            let impostor = try await LieStage(stage.world, as: session)
            try impostor.makeHome("bob")
            let bob = try impostor.client("bob")
            bob.type("hello?")
            _ = await bob.prints("wrong-server")
            let account = await bob.conclude()
            await impostor.server.stop()
            return account.stopped()
        },
        .lie("a checkpoint by another key") { stage, _ in
            stage.registry.key = try stage.world.key("bob")
            return try await stage.firstLogin()
        },
        .lie("a registry without a checkpoint, then a welcome") { stage, _ in
            try await stage.firstAnswer { connection in
                _ = try await connection.hello()
                var update = try stage.registry.update(from: 0)
                update.registryUpdate.checkpoint = Data()
                connection.send(update, stage.welcome())
            }
        },
        .lie("a welcome without a registry") { stage, _ in
            try await stage.firstAnswer { connection in
                _ = try await connection.hello()
                connection.send(stage.welcome())
            }
        },
        .lie("a registry from line 2 on, for a new client") { stage, _ in
            try await stage.firstAnswer { connection in
                _ = try await connection.hello()
                connection.send(try stage.registry.update(from: 2), stage.welcome())
            }
        },
        .lie("a line that cannot be read") { stage, _ in
            stage.registry.add("register time=\(Timestamp.now) name=Bad key=AAAA expires=-")
            return try await stage.firstLogin()
        },
        .lie("a rotation whose signature is wrong") { stage, _ in
            let world = stage.world
            let id = try world.identity("carol")
            let mallory = try RSAPrivateKey.generate(bitCount: 2_048)
            let honest = try Rotation.statement(
                id: id,
                from: 1,
                previous: id,
                old: world.key("carol"),
                new: mallory,
                expires: nil,
                time: .now
            )
            // Another character in the last signature.
            var line = honest.line
            line[line.count - 8] = line[line.count - 8] == UInt8(ascii: "A") ? 0x42 : 0x41
            stage.registry.lines.append(line)
            return try await stage.firstLogin()
        },
        .lie("a registry that is one line shorter") { stage, _ in
            try await stage.returningLogin { $0.lines.removeLast() }
        },
        .lie("a registry from line 0 on that is one line shorter") { stage, _ in
            try await stage.returningAnswer { connection in
                _ = try await connection.hello()
                stage.registry.lines.removeLast()
                connection.send(try stage.registry.update(from: 0), stage.welcome())
            }
        },
        .lie("a last line that was rewritten") { stage, _ in
            try await stage.returningAnswer { connection in
                _ = try await connection.hello()
                stage.registry.lines.removeLast()
                stage.registry.add(
                    "register time=2026-01-01T00:00:00Z name=ghost key=AAAA expires=-"
                )
                connection.send(try stage.registry.update(from: 0), stage.welcome())
            }
        },
        .lie("a last line that was rewritten, and one more") { stage, _ in
            let carol = try KeyName("carol")
            return try await stage.returningLogin { registry in
                registry.lines.removeLast()
                registry.add(.assign(name: carol, role: .admin))
                registry.add(.assign(name: carol, role: .member))
            }
        },
    ]
}

extension LieStage {
    /// Returns a welcome to this log, without the registry.
    func welcome() -> WireFrame {
        .with {
            $0.welcome.room = ForgedLog.room
            $0.welcome.head = log.head.wire
            $0.welcome.start = log.head.wire
        }
    }

    /// Bob logs in for the first time, and the lie writes the answer.
    func firstAnswer(
        _ answer: (LyingConnection) async throws -> Void
    ) async throws -> Attack.Finding {
        try makeHome("bob")
        return try await visit("bob", answer).stopped()
    }

    func firstLogin() async throws -> Attack.Finding {
        try await firstAnswer { try await $0.logIn(registry, log) }
    }

    /// Bob was here before.
    ///
    /// He comes back, and the lie writes the answer.
    func returningAnswer(
        _ answer: (LyingConnection) async throws -> Void
    ) async throws -> Attack.Finding {
        let (bob, connection) = try await member("bob")
        _ = await bob.conclude(connection)
        return try await visit("bob", answer).stopped()
    }

    func returningLogin(
        _ change: (inout ForgedRegistry) throws -> Void
    ) async throws -> Attack.Finding {
        try await returningAnswer { connection in
            try change(&registry)
            try await connection.logIn(registry, log)
        }
    }
}
