import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport

/// Attacks that make a client compute or store much.
extension Attack {
    /// The memory that an attacked client may have.
    ///
    /// An idle client has about 45 MiB in a debug build.
    static let fairPeakKiB = (96 << 10) * Child.slowness
    /// The processor time that an attack may cost, in milliseconds.
    static let fairMilliseconds = 1_000 * Child.slowness

    static let floodLies: [Attack] = [
        .lie("TLS is accepted, and then nothing is said") { stage, size in
            try stage.makeHome("bob")
            let bob = try stage.client("bob")
            bob.type("hello?")
            let connection = try await stage.server.connection()
            let isGivenUp = await connection.inbox.end(within: .seconds(size.pick(20, 120)))
            let account = await bob.conclude(connection)
            return account.finding(
                isGivenUp ? "gave up: \(account.ending)" : "waited",
                isRight: isGivenUp
            )
        },
        // The kernel's buffers take the pongs of the small size. Only the full size exceeds them.
        .lie("pings whose pongs are never read") { stage, size in
            try await stage.flood(size.pick(6, 100), judging: \.hasFairPeak) { connection, _ in
                let ping = FrameCodec.encode(.with { $0.ping = .init() })
                try await connection.stopReading()
                let burst = (0..<10_000).flatMap { _ in ping }
                return await connection.send(bytes: burst)
            }
        },
        .lie("an announcement with wraps for one identity alone") { stage, size in
            let count = size.pick(2_000, 24_000)
            return try await stage.flood(1) { connection, _ in
                let alice = try ForgedSession("alice", stage.world)
                let id = try stage.world.identity("bob").data
                let epoch = try ForgedEpoch(1, for: [], stage.world)
                let body = try alice.announcement(epoch, seen: stage.log.head) { content in
                    content.wraps = (0..<count).map { _ in
                        .with {
                            $0.identity = id
                            $0.version = 7
                            $0.scheme = 1
                            $0.ciphertext = Data([1])
                        }
                    }
                }
                stage.tell(connection, [(.keys, body)])
                return true
            }
        },
        .lie("wraps that are all of one's own version, and open with none") { stage, size in
            let count = size.pick(1_000, 3_700)
            return try await stage.flood(1) { connection, _ in
                let alice = try ForgedSession("alice", stage.world)
                let id = try stage.world.identity("bob").data
                let epoch = try ForgedEpoch(1, for: [], stage.world)
                let body = try alice.announcement(epoch, seen: stage.log.head) { content in
                    content.wraps = (0..<count).map { _ in
                        .with {
                            $0.identity = id
                            $0.version = 1
                            $0.scheme = 1
                            $0.ciphertext = Data(repeating: 1, count: 256)
                        }
                    }
                }
                stage.tell(connection, [(.keys, body)])
                return true
            }
        },
        .lie("epochs whose first message jumps to index 65,535") { stage, size in
            let alice = try ForgedSession("alice", stage.world)
            return try await stage.flood(size.pick(12, 60)) { connection, round in
                let number = UInt32(round + 1)
                let epoch = try ForgedEpoch(number, for: ["bob"], stage.world)
                // Sealed with another chain, which costs the sender no steps.
                let cheap = try ForgedEpoch(number, for: [], stage.world, firstIndex: 65_535)
                stage.tell(
                    connection,
                    [
                        (.keys, try alice.announcement(epoch, seen: stage.log.head)),
                        (
                            .message,
                            try alice.message("x", cheap, index: 65_535, seen: stage.log.head)
                        ),
                    ]
                )
                return true
            }
        },
        .lie("a registry series without an end") { stage, size in
            let line =
                Data("register time=2026-01-01T00:00:00Z name=x key=".utf8)
                + Data(repeating: UInt8(ascii: "A"), count: 20_000)
            let known = UInt64(stage.registry.lines.count)
            let frame = FrameCodec.encode(
                .with {
                    $0.registryUpdate.from = known
                    $0.registryUpdate.lines = Array(repeating: line, count: 95)
                }
            )
            return try await stage.flood(size.pick(48, 170)) { connection, _ in
                await connection.send(bytes: frame)
            }
        },
        .lie("a page of history without an end") { stage, size in
            let (bob, connection) = try await stage.member("bob")
            bob.type("/history")
            _ = await connection.inbox.next { frame in
                if case .historyRequest = frame.kind { true } else { false }
            }
            let alice = try ForgedSession("alice", stage.world)
            let epoch = try ForgedEpoch(1, for: ["bob"], stage.world)
            let text = String(repeating: "y", count: 32_000)
            for (kind, body) in try stage.words(of: alice, epoch, [text]) {
                stage.log.add(kind, body)
            }
            let body = stage.log.entries[1].body
            for _ in 0..<20 { stage.log.add(.message, body) }
            var stretch = stage.log.stretch(from: 1).entries
            let count = size.pick(200, 400)
            for round in 0..<count {
                let page = stretch
                guard
                    await connection.send(
                        bytes: FrameCodec.encode(.with { $0.history.stretch = page })
                    )
                else { break }
                guard round + 1 < count else { break }
                let first = stage.log.head.seq + 1
                for _ in 0..<20 { stage.log.add(.message, body) }
                stretch = stage.log.stretch(from: first).entries
            }
            await connection.settle(within: .seconds(8))
            let account = await bob.conclude(connection)
            return account.finding(account.ending, isRight: account.hasFairPeak)
        },
        .lie("an event that names 2^50 lines of the registry") { stage, _ in
            let (alice, connection) = try await stage.member("alice")
            let event = WireEventContent.with {
                $0.what = "joined"
                $0.name = "zoe"
                $0.identity = Data(repeating: 1, count: 32)
                $0.version = 1
                $0.registryCount = 1 << 50
            }
            stage.tell(connection, [(.event, try event.serializedBytes())])
            await connection.settle()
            alice.type("am I mute?")
            let account = await alice.conclude(connection)
            let isTold = !account.errorCodes.isEmpty
            return account.finding(
                account.hasSent ? "spoke on" : isTold ? account.ending : "mute, without a word",
                isRight: account.hasSent || (isTold && account.status == 1)
            )
        },
    ]
}

extension LieStage {
    /// Sends something to bob many times, and measures his cost.
    func flood(
        _ rounds: Int,
        judging isFair: (Victim.Account) -> Bool = { $0.hasFairPeak && $0.hasFairCost },
        _ send: (LyingConnection, Int) async throws -> Bool
    ) async throws -> Attack.Finding {
        let (bob, connection) = try await member("bob")
        let before = bob.cost.milliseconds
        for round in 0..<rounds {
            guard try await send(connection, round) else { break }
        }
        await connection.settle(within: .seconds(8))
        var account = await bob.conclude(connection)
        account.milliseconds -= before
        return account.finding(account.ending, isRight: isFair(account))
    }
}

extension Victim.Account {
    /// Whether the attack cost little processor time.
    var hasFairCost: Bool { milliseconds <= Attack.fairMilliseconds }
    /// Whether the attack cost little memory.
    var hasFairPeak: Bool { peakKiB <= Attack.fairPeakKiB }
}
