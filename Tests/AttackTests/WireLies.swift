import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Registry
import SwiftProtobuf

/// Lies that no client can detect with the present wire.
extension Attack {
    static let wireLies: [Attack] = [
        .lie("a message is put into the log again", .newWire) { stage, _ in
            let account = try await stage.tellBob { stage in
                let alice = try ForgedSession("alice", stage.world)
                let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
                let words = try stage.words(of: alice, epoch, ["pay carol 100"])
                return words + [words[1], words[1]]
            }
            let count = account.count("pay carol 100")
            return account.finding("showed it \(count) times", isRight: count == 1)
        },
        .lie("an old announcement and message come again after a restart", .newWire) { stage, _ in
            let (bob, connection) = try await stage.member("bob")
            let alice = try ForgedSession("alice", stage.world)
            let words = try stage.words(
                of: alice,
                ForgedEpoch(1, for: ["bob"], stage.world),
                ["pay carol 100"]
            )
            stage.tell(connection, words)
            await connection.settle()
            _ = await bob.conclude(connection)
            let (again, second) = try await stage.returning("bob")
            stage.tell(second, words)
            await second.settle()
            let account = await again.conclude(second)
            let count = account.count("pay carol 100")
            return account.finding("showed it \(count) times more", isRight: count == 0)
        },
        .lie("a message is acknowledged and never logged", .newWire) { stage, _ in
            let (alice, connection) = try await stage.member("alice")
            connection.store(in: nil)
            alice.type("stop the payment")
            guard let body = await connection.publish(.message) else {
                throw AttackError.missing("a message")
            }
            let content = try WireMessageContent(
                serializedBytes: WireSigned(serializedBytes: body).content
            )
            connection.send(
                .with {
                    $0.accepted.id = content.id
                    $0.accepted.seq = 2
                }
            )
            let account = await alice.conclude(connection)
            return account.finding(
                account.status == 0 ? "believed it" : account.ending,
                isRight: account.status == 1
            )
        },
        .lie("a stretch of alice's messages is kept from bob", .newWire) { stage, _ in
            let account = try await stage.tellBob { stage in
                let alice = try ForgedSession("alice", stage.world)
                let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
                let far = LogPosition(seq: 40, hash: SHA256Digest(hashing: [1]))
                return [
                    (.keys, try alice.announcement(epoch, seen: stage.log.head)),
                    (.message, try alice.message("later", epoch, index: 30, seen: far)),
                ]
            }
            return account.finding(
                account.shows("later") ? "showed what comes after it" : account.ending,
                isRight: !account.shows("later")
            )
        },
        .lie("an event without its body: a revocation is hidden", .newWire) { stage, _ in
            let (alice, connection) = try await stage.member("alice")
            let event =
                try WireEventContent.with {
                    $0.what = "revoked"
                    $0.name = "carol"
                    $0.identity = try stage.world.identity("carol").data
                    $0.version = 1
                    $0.registryCount = UInt64(stage.registry.lines.count + 1)
                }.serializedBytes() as Data
            let entry = stage.log.add(.event, event, hidden: true)
            connection.send(stage.log.stretch(from: entry.seq))
            await connection.settle()
            alice.type("not for the thief")
            let account = await alice.conclude(connection)
            let isWrapped = account.published.isWrapped(for: try stage.world.identity("carol"))
            return account.finding(
                isWrapped ? "encrypted to the revoked key" : account.ending,
                isRight: !isWrapped
            )
        },
        .lie("history with its order changed", .newWire) { stage, _ in
            let (bob, connection) = try await stage.member("bob")
            let alice = try ForgedSession("alice", stage.world)
            let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
            let words = try stage.words(of: alice, epoch, ["sign?", "do NOT sign", "agreed"])
            bob.type("/history")
            _ = await connection.inbox.next { frame in
                if case .historyRequest = frame.kind { true } else { false }
            }
            let forged = ForgedLog(chat: SHA256Digest(hashing: [2]))
            forged.add(.keys, words[0].1)
            forged.add(.message, words[2].1)
            forged.add(.message, words[1].1)
            forged.add(.message, words[1].1)
            let stretch = forged.stretch(from: 1).entries
            connection.send(
                .with {
                    $0.history.stretch = stretch
                    $0.history.last = true
                }
            )
            await connection.settle()
            let account = await bob.conclude(connection)
            let isShown = account.shows("do NOT sign")
            return account.finding(
                isShown ? "showed it as history" : account.ending,
                isRight: !isShown
            )
        },
        .lie("a welcome whose head is far away: a revoked key speaks", .newWire) { stage, _ in
            stage.registry.lines.append(try stage.world.revocationLine("carol"))
            let carol = try stage.world.identity("carol")
            try stage.makeHome("bob")
            let account = try await stage.visit("bob") { connection in
                let far = LogPosition(seq: 1 << 40, hash: SHA256Digest(hashing: [1]))
                try await connection.logIn(stage.registry, stage.log, head: far) { welcome in
                    welcome.revocations = [
                        .with {
                            $0.identity = carol.data
                            $0.version = 1
                            $0.seq = 1 << 40
                        }
                    ]
                }
                let thief = try ForgedSession("carol", stage.world)
                let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
                stage.tell(connection, try stage.words(of: thief, epoch, ["it is me, carol"]))
            }
            let isShown = account.shows("it is me, carol")
            return account.finding(
                isShown ? "showed it" : account.ending,
                isRight: !isShown
            )
        },
        .lie("times of entries that go to and fro", .newWire) { stage, _ in
            let (bob, connection) = try await stage.member("bob")
            let alice = try ForgedSession("alice", stage.world)
            let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
            let words = try stage.words(of: alice, epoch, ["now", "in five hours", "before"])
            let hours: [Int64] = [0, 0, 5, 0]
            for index in words.indices {
                stage.log.add(
                    words[index].0,
                    words[index].1,
                    time: ForgedLog.now + hours[index] * 3_600_000
                )
            }
            connection.send(stage.log.stretch(from: 1))
            await connection.settle()
            let account = await bob.conclude(connection)
            return account.finding(
                account.shows("in five hours") ? "showed them as they came" : account.ending,
                isRight: !account.shows("in five hours")
            )
        },
    ]
}

extension Victim.Account {
    /// Returns how often a message with this text was shown.
    func count(_ text: String) -> Int {
        printed.count { $0.contains("\"event\":\"message\"") && $0.contains(text) }
    }
}
