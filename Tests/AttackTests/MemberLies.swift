import AttackSupport
import ChatProtocol
import CryptoCore
import KeyFormats
import Registry

/// Lies about the members and their keys.
extension Attack {
    static let memberLies: [Attack] = [
        .lie("the server makes itself a member by assign") { stage, _ in
            let server = try KeyName("server")
            return try await stage.speakAfter { $0.add(.assign(name: server, role: .member)) }
        },
        .lie("the server makes itself a member by assign, against --pinned") { stage, _ in
            let server = try KeyName("server")
            return try await stage.speakAfter(["--pinned"]) {
                $0.add(.assign(name: server, role: .member))
            }
        },
        .lie("somebody is added while a line waits: the event comes first") { stage, _ in
            let key = try RSAPrivateKey.generate(bitCount: 2_048).publicKey.spkiDERRepresentation()
            let (alice, connection) = try await stage.member("alice")
            await connection.close()
            alice.type("written before")
            stage.registry.add(.register(name: try KeyName("ghost"), key: key, expires: nil))
            let second = try await stage.server.connection()
            second.store(in: stage.log)
            try await second.logIn(stage.registry, stage.log)
            let account = await alice.conclude(second)
            let told = account.printed.firstIndex { $0.contains("ghost") }
            let sent = account.printed.firstIndex { $0.contains("\"ack\"") }
            let isFirst = told.map { $0 < sent ?? Int.max } ?? false
            return account.finding(
                isFirst ? "told first" : "encrypted to it before it was told",
                isRight: isFirst
            )
        },
        .lie("the server re-registers its own key under a new name") { stage, _ in
            let key = try stage.world.key("server").publicKey.spkiDERRepresentation()
            let (server, zoe) = (try KeyName("server"), try KeyName("zoe"))
            return try await stage.speakAfter { registry in
                registry.add(.remove(name: server))
                registry.add(.register(name: zoe, key: key, expires: nil))
            }
        },
        .lie("a wrong key under one's own name, from the start") { stage, _ in
            let wrong = try RSAPrivateKey.generate(bitCount: 2_048).publicKey
            let line = Statement(
                .register(
                    name: try KeyName("alice"),
                    key: try wrong.spkiDERRepresentation(),
                    expires: nil
                ),
                time: .now
            ).line
            stage.registry.lines = stage.registry.lines.map { known in
                known.contains("name=alice key=") ? line : known
            }
            try stage.makeHome("alice")
            let alice = try stage.client("alice")
            let connection = try await stage.server.connection()
            connection.store(in: stage.log)
            try await connection.logIn(stage.registry, stage.log)
            alice.type("is my key my key?")
            let account = await alice.conclude(connection)
            return account.finding(
                account.ending + (account.hasSent ? ", spoke" : ", said nothing"),
                isRight: !account.hasSent && account.status == 1
            )
        },
        .lie("a wrong key under one's own name, while connected") { stage, _ in
            let wrong = try RSAPrivateKey.generate(bitCount: 2_048).publicKey
                .spkiDERRepresentation()
            let name = try KeyName("alice")
            let (alice, connection) = try await stage.member("alice")
            let known = stage.registry.lines.count
            stage.registry.add(.replace(name: name, key: wrong, expires: nil))
            connection.send(try stage.registry.update(from: known))
            await connection.settle(within: .seconds(5))
            alice.type("is my key my key?")
            let account = await alice.conclude(connection)
            return account.finding(
                account.ending + (account.hasSent ? ", spoke" : ", said nothing"),
                isRight: !account.hasSent && account.status == 1
            )
        },
    ]
}

extension Victim.Account {
    /// Whether the client published a message.
    var hasSent: Bool { !published.messages.isEmpty }
}

extension [UInt8] {
    /// Returns whether the bytes contain a text.
    func contains(_ text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }
}

extension LieStage {
    /// Changes the registry while alice is connected, then lets her write.
    func speakAfter(
        _ arguments: [String] = [],
        _ change: (inout ForgedRegistry) throws -> Void
    ) async throws -> Attack.Finding {
        let (alice, connection) = try await member("alice", arguments)
        let known = registry.lines.count
        try change(&registry)
        connection.send(try registry.update(from: known))
        await connection.settle(within: .seconds(5))
        alice.type("the secret plan")
        let account = await alice.conclude(connection)
        let texts = account.published.texts(
            readBy: try world.identity("server"),
            try world.key("server")
        )
        let isRead = texts.contains("the secret plan")
        return account.finding(
            isRead ? "the server read it; \(account.ending)" : account.ending,
            isRight: texts.isEmpty && !account.errorCodes.isEmpty
        )
    }
}
