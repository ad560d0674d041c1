import AttackSupport
import ChatProtocol
import CryptoCore
import KeyFormats
import Registry

/// Lies that contradict what the user set by hand.
extension Attack {
    static let pinLies: [Attack] = [
        .lie("a pin is revoked by hand while connected") { stage, _ in
            try stage.makeHome("alice")
            try await stage.keyctl(["import", "bob.pub", "--user", "bob"], home: "alice")
            let (alice, connection) = try await stage.returning("alice")
            try await stage.keyctl(["revoke", "bob", "--reason", "stolen"], home: "alice")
            alice.type("not for the thief")
            return await alice.conclude(connection)
                .keptFrom(try stage.world.identity("bob"), naming: "bob")
        },
        .lie("a key that is revoked by hand comes back under another name") { stage, _ in
            try stage.makeHome("alice")
            try await stage.keyctl(["import", "bob.pub", "--user", "bob"], home: "alice")
            try await stage.keyctl(["revoke", "bob", "--reason", "stolen"], home: "alice")
            try stage.rename("bob", "zoe")
            return try await stage.aliceSpeaks()
                .keptFrom(try stage.world.identity("bob"), naming: "zoe")
        },
        .lie("a pinned key under another name") { stage, _ in
            try stage.makeHome("alice")
            try await stage.keyctl(["import", "bob.pub", "--user", "robert"], home: "alice")
            return try await stage.aliceSpeaks()
                .keptFrom(try stage.world.identity("bob"), naming: "bob")
        },
        .lie("a name that looks like a pinned one") { stage, _ in
            try stage.makeHome("alice")
            try await stage.keyctl(["import", "bob.pub", "--user", "bob"], home: "alice")
            let mallory = try RSAPrivateKey.generate(bitCount: 2_048).publicKey
                .spkiDERRepresentation()
            stage.registry.add(.remove(name: try KeyName("bob")))
            stage.registry.add(.register(name: try KeyName("b0b"), key: mallory, expires: nil))
            return try await stage.aliceSpeaks()
                .keptFrom(SHA256Digest(hashing: mallory), naming: "b0b")
        },
        .lie("a version that was revoked by hand speaks") { stage, _ in
            // Alice has both versions of bob's key, and his revocation of the first one. The
            // server's registry has the rotation, and keeps the revocation back.
            try stage.makeHome("bob")
            try await stage.keyctl(
                ["rotate", "--user", "bob", "--bits", "2048", "--out", "bob+rotation.txt"],
                home: "bob"
            )
            try stage.makeHome("alice")
            try await stage.keyctl(["import", "bob.pub", "--user", "bob"], home: "alice")
            try await stage.keyctl(["import", "bob+rotation.txt"], home: "alice")
            try stage.writeStatements("revoked.txt", [stage.world.revocationLine("bob")])
            try await stage.keyctl(["import", "revoked.txt"], home: "alice")
            stage.registry.lines += try stage.statements("bob+rotation.txt")
            let (alice, connection) = try await stage.returning("alice")
            let thief = try ForgedSession("bob", stage.world)
            stage.tell(
                connection,
                try stage.words(
                    of: thief,
                    ForgedEpoch(1, for: ["alice"], stage.world),
                    ["the thief as bob"]
                )
            )
            await connection.settle(within: .seconds(5))
            let account = await alice.conclude(connection)
            let isShown = account.shows("the thief as bob")
            return account.finding(
                isShown ? "showed it" : account.ending,
                isRight: !isShown
            )
        },
        .lie("--pinned leaves members out, and names them before the first message") { stage, _ in
            try stage.makeHome("alice")
            try await stage.keyctl(["import", "bob.pub", "--user", "bob"], home: "alice")
            return try await stage.aliceSpeaks(["--pinned"])
                .keptFrom(try stage.world.identity("carol"), naming: "carol")
        },
    ]
}

extension LieStage {
    /// Alice, whose home exists, logs in, writes and ends.
    func aliceSpeaks(_ arguments: [String] = []) async throws -> Victim.Account {
        let alice = try client("alice", arguments)
        let connection = try await server.connection()
        connection.store(in: log)
        try await connection.logIn(registry, log)
        alice.type("who reads this?")
        return await alice.conclude(connection)
    }

    /// Removes a name from the registry and gives its key to another name.
    func rename(_ name: String, _ other: String) throws {
        let key = try world.key(name).publicKey.spkiDERRepresentation()
        registry.lines.removeAll { $0.contains("name=\(name) key=") }
        registry.add(.register(name: try KeyName(other), key: key, expires: nil))
    }
}
