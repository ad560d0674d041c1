import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation
import SwiftProtobuf

/// Lies about the room's log that clients have detected since the first version.
extension Attack {
    static let logLies: [Attack] = [
        .lie("a welcome with another hash for the cursor") { stage, _ in
            try await stage.bobReads { connection in
                let wrong = LogPosition(seq: stage.log.head.seq, hash: SHA256Digest(hashing: [1]))
                try await connection.logIn(stage.registry, stage.log, start: wrong, head: wrong)
            }.stopped()
        },
        .lie("a welcome with an earlier start") { stage, _ in
            try await stage.bobReads { connection in
                try await connection.logIn(stage.registry, stage.log, start: stage.log.position(1))
            }.stopped()
        },
        .lie("an entry left out in the middle") { stage, _ in
            try await stage.spoiled { $0.entries.entries.remove(at: 1) }.stopped(["m2"])
        },
        .lie("a stretch that follows nothing") { stage, _ in
            try await stage.spoiled { $0.entries.previous = Data(repeating: 7, count: 32) }
                .stopped(["m1", "m2"])
        },
        .lie("a body that was changed, in a chain that was computed again") { stage, _ in
            try await stage.tellBob { stage in
                let alice = try ForgedSession("alice", stage.world)
                let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
                var words = try stage.words(of: alice, epoch, ["changed"])
                words[1].1[words[1].1.count / 2] ^= 1
                return words
            }.caught(["changed"])
        },
        .lie("a sender who saw another hash of a place that is remembered") { stage, _ in
            try await stage.tellBob { stage in
                let alice = try ForgedSession("alice", stage.world)
                let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
                let other = LogPosition(seq: 1, hash: SHA256Digest(hashing: [1]))
                return [
                    (.keys, try alice.announcement(epoch, seen: stage.log.head)),
                    (.message, try alice.message("other log", epoch, index: 0, seen: other)),
                ]
            }.stopped(["other log"])
        },
        .lie("a time outside of the session's certificate") { stage, _ in
            let (bob, connection) = try await stage.member("bob")
            let alice = try ForgedSession("alice", stage.world)
            let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
            let later = ForgedLog.now + 48 * 3_600_000
            for (kind, body) in try stage.words(of: alice, epoch, ["two days on"]) {
                stage.log.add(kind, body, time: later)
            }
            connection.send(stage.log.stretch(from: 1))
            await connection.settle(within: .seconds(5))
            return await bob.conclude(connection).caught(["two days on"])
        },
        .lie("a session that was made for another chat") { stage, _ in
            try await stage.tellBob { stage in
                let alice = try ForgedSession(
                    identity: stage.world.identity("alice"),
                    chat: SHA256Digest(hashing: [1]),
                    issuer: stage.world.key("alice")
                )
                let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
                return try stage.words(of: alice, epoch, ["another chat"])
            }.caught(["another chat"])
        },
        .lie("a certificate in alice's name by carol's key") { stage, _ in
            try await stage.tellBob { stage in
                let carol = try ForgedSession(
                    identity: stage.world.identity("alice"),
                    chat: stage.world.chat,
                    issuer: stage.world.key("carol")
                )
                let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
                return try stage.words(of: carol, epoch, ["carol as alice"])
            }.caught(["carol as alice"])
        },
        .lie("the server speaks with its own key") { stage, _ in
            try await stage.tellBob { stage in
                let server = try ForgedSession("server", stage.world)
                let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
                return try stage.words(of: server, epoch, ["the server speaks"])
            }.caught(["the server speaks"])
        },
        .lie("an announcement that leaves bob out") { stage, _ in
            try await stage.tellBob { stage in
                let alice = try ForgedSession("alice", stage.world)
                let epoch = try ForgedEpoch(1, for: ["carol"], stage.world)
                return try stage.words(of: alice, epoch, ["not for bob"])
            }.caught(["not for bob"])
        },
        .lie("a wrap of another chain than the messages'") { stage, _ in
            try await stage.tellBob { stage in
                let alice = try ForgedSession("alice", stage.world)
                let told = try ForgedEpoch(1, for: ["bob"], stage.world)
                let other = try ForgedEpoch(1, for: ["bob"], stage.world)
                return [
                    (.keys, try alice.announcement(told, seen: stage.log.head)),
                    (.message, try alice.message("other", other, index: 0, seen: stage.log.head)),
                ]
            }.caught(["other"])
        },
    ]
}

extension LieStage {
    /// Bob reads three entries honestly.
    ///
    /// Then he comes back, and the lie writes the answer.
    func bobReads(
        _ answer: (LyingConnection) async throws -> Void
    ) async throws -> Victim.Account {
        let (bob, connection) = try await member("bob")
        let alice = try ForgedSession("alice", world)
        tell(connection, try words(of: alice, ForgedEpoch(1, for: ["bob"], world), ["m1", "m2"]))
        await connection.settle()
        _ = await bob.conclude(connection)
        return try await visit("bob", answer)
    }

    /// Sends three entries in a frame that the lie spoils.
    func spoiled(_ change: (inout WireFrame) -> Void) async throws -> Victim.Account {
        let (bob, connection) = try await member("bob")
        let alice = try ForgedSession("alice", world)
        let epoch = try ForgedEpoch(1, for: ["bob"], world)
        for (kind, body) in try words(of: alice, epoch, ["m1", "m2"]) { log.add(kind, body) }
        var frame = log.stretch(from: 1)
        change(&frame)
        connection.send(frame)
        await connection.settle(within: .seconds(5))
        return await bob.conclude(connection)
    }
}
