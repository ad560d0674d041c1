import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation
import SwiftProtobuf

/// Lies against alarms: a client must remember an alarm, and must not report undone work as done.
extension Attack {
    static let alarmLies: [Attack] = [
        .lie("after a fork of the log, the next start") { stage, _ in
            let (bob, connection) = try await stage.member("bob")
            let alice = try ForgedSession("alice", stage.world)
            let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
            var entries = try stage.words(of: alice, epoch, ["before"])
            let other = LogPosition(seq: 1, hash: SHA256Digest(hashing: [1]))
            stage.tell(connection, entries)
            entries = [(.message, try alice.message("fork", epoch, index: 1, seen: other))]
            stage.tell(connection, entries)
            await connection.settle(within: .seconds(5))
            let first = await bob.conclude(connection)
            guard first.errorCodes.contains("fork") else {
                return first.finding("no alarm: \(first.ending)", isRight: false)
            }
            return try await stage.startsAgain("bob", naming: first)
        },
        .lie("after a fork of the registry, the next start") { stage, _ in
            let (bob, connection) = try await stage.member("bob")
            _ = await bob.conclude(connection)
            let honest = stage.registry
            stage.registry.lines.removeLast()
            stage.registry.add("assign time=2026-01-01T00:00:00Z name=carol role=admin")
            stage.registry.add("assign time=2026-01-01T00:00:00Z name=carol role=member")
            let alarm = try await stage.visit("bob") {
                try await $0.logIn(stage.registry, stage.log)
            }
            guard alarm.errorCodes.contains("fork") else {
                return alarm.finding("no alarm: \(alarm.ending)", isRight: false)
            }
            stage.registry = honest
            return try await stage.startsAgain("bob", naming: alarm)
        },
        .lie("messages in front of a frame's fault are shown, or come again") { stage, _ in
            let (bob, connection) = try await stage.member("bob")
            let alice = try ForgedSession("alice", stage.world)
            let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
            for (kind, body) in try stage.words(of: alice, epoch, ["x1", "x2"]) {
                stage.log.add(kind, body)
            }
            var frame = stage.log.stretch(from: 1)
            frame.entries.entries.append(frame.entries.entries[2])  // its sequence comes twice
            connection.send(frame)
            await connection.settle(within: .seconds(5))
            let first = await bob.conclude(connection)
            let again = try stage.client("bob")
            let second = try await stage.server.connection()
            let cursor = try await second.logIn(stage.registry, stage.log).cursor.seq
            if cursor < stage.log.head.seq { second.send(stage.log.stretch(from: cursor + 1)) }
            await second.settle(within: .seconds(5))
            let last = await again.conclude(second)
            let lost = ["x1", "x2"].filter { !first.shows($0) && !last.shows($0) }
            // A client that does not connect again loses nothing.
            let isSafe = lost.isEmpty || last.status == 1
            return last.finding(
                lost.isEmpty
                    ? "lost nothing"
                    : isSafe ? "does not connect again" : "never showed \(lost)",
                isRight: isSafe
            )
        },
        .lie("a Bye with messages unacknowledged") { stage, _ in
            try await stage.unfinished { connection, _ in
                connection.send(
                    .with {
                        $0.bye.code = "shutdown"
                        $0.bye.message = "bye"
                    }
                )
            }
        },
        .lie("a rejection with an unknown code") { stage, _ in
            try await stage.unfinished { connection, id in
                connection.send(
                    .with {
                        $0.rejected.id = id
                        $0.rejected.code = "no-such-code"
                        $0.rejected.message = "no"
                    }
                )
            }
        },
        .lie("a rejection that says stale, and nothing after it") { stage, _ in
            try await stage.unfinished { connection, id in
                connection.send(
                    .with {
                        $0.rejected.id = id
                        $0.rejected.code = "stale"
                    }
                )
                connection.send(.with { $0.bye.code = "shutdown" })
            }
        },
        .lie("a rejection with the code unreadable") { stage, _ in
            try await stage.unfinished { connection, id in
                connection.send(
                    .with {
                        $0.rejected.id = id
                        $0.rejected.code = "unreadable"
                    }
                )
            }
        },
    ]
}

extension LieStage {
    /// Starts a client after an alarm.
    ///
    /// It must not continue before its user says so.
    func startsAgain(_ name: String, naming alarm: Victim.Account) async throws -> Attack.Finding {
        let victim = try client(name)
        victim.type("on the branch")
        // A client that remembers the alarm need not even connect.
        guard let connection = try? await server.connection(within: .seconds(3)) else {
            let account = await victim.conclude()
            return account.finding(
                "did not connect: \(account.ending)",
                isRight: account.status == 1
            )
        }
        connection.store(in: log)
        _ = try? await connection.logIn(registry, log)
        let account = await victim.conclude(connection)
        return account.finding(
            account.hasSent ? "spoke as if nothing had been" : account.ending,
            isRight: !account.hasSent && account.status == 1
        )
    }

    /// Alice's line is published but not stored.
    ///
    /// After the server's answer, it must not count as done.
    func unfinished(
        _ answer: (LyingConnection, Data) -> Void
    ) async throws -> Attack.Finding {
        let (alice, connection) = try await member("alice")
        connection.store(in: nil)
        alice.type("only once")
        guard let body = await connection.publish(.message) else {
            throw AttackError.missing("a message")
        }
        let signed = try WireSigned(serializedBytes: body)
        let content = try WireMessageContent(serializedBytes: signed.content)
        answer(connection, content.id)
        await connection.settle(within: .seconds(3))
        let account = await alice.conclude(connection)
        let isTold = account.printed.contains { line in
            line.contains("1 message") || line.contains("was not") || line.contains("not sent")
        }
        return account.finding(
            account.ending + (isTold ? ", counted" : ", no count"),
            isRight: account.status == 1
        )
    }
}
