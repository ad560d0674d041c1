import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport

/// Attacks of unregistered people on a server.
extension Attack {
    static let strangerAttacks: [Attack] = [
        .hostile("a hello with statements of a stranger's keys") { chat, size in
            let statements = try await StrangerChain.lines(endingAt: nil, chat.world)
            return try await chat.hellos(size.pick(3, 300), statements)
        },
        .hostile("a hello with statements that end at a key that is known") { chat, size in
            let statements = try await StrangerChain.lines(endingAt: "alice", chat.world)
            return try await chat.hellos(size.pick(3, 300), statements)
        },
        .hostile("hellos with statements by connections that hang up") { chat, size in
            let statements = try await StrangerChain.lines(endingAt: "alice", chat.world)
            let damage = try await chat.measure { _ in
                for _ in 0..<size.pick(3, 300) {
                    let stranger = try await HostileMember(chat.stranger(), port: chat.port)
                    await stranger.send(
                        bytes: FrameCodec.encode(
                            HostileMember.hello { $0.statements = statements }
                        )
                    )
                    await stranger.close()
                }
            }
            let each = damage.milliseconds / size.pick(3, 300)
            return damage.finding("\(each) ms each", isRight: each <= Attack.fairHello)
        },
        .hostile("bytes after a refusal") { chat, size in
            let chunk = [UInt8](repeating: 0x78, count: 1 << 20)
            let damage = try await chat.measure { _ in
                let stranger = try await HostileMember(chat.stranger(), port: chat.port)
                // It does not read, so it does not notice that the server hangs up.
                try await stranger.stopReading()
                stranger.send(unwaited: [0x7f, 0xff, 0xff, 0xff])
                for _ in 0..<size.pick(96, 1_000) {
                    guard await stranger.send(bytes: chunk, within: .seconds(3)) else { break }
                }
                await stranger.close()
            }
            return damage.finding(
                "\(damage.growthKiB >> 10) MiB more",
                isRight: damage.growthKiB <= (16 << 10) * Child.slowness
            )
        },
        .hostile("what a refusal costs tells whether a key is registered") { chat, size in
            var times: [Bool: [Int]] = [true: [], false: []]
            let damage = try await chat.measure { _ in
                for round in 0..<size.pick(200, 500) {
                    let isKnown = round % 2 == 0
                    let session = try chat.stranger(claiming: isKnown ? "bob" : nil)
                    let stranger = try await HostileMember(session, port: chat.port)
                    let start = ContinuousClock().now
                    stranger.send(HostileMember.hello())
                    _ = await stranger.answer()
                    times[isKnown]?.append((ContinuousClock().now - start).inMicroseconds)
                    await stranger.close()
                }
            }
            // The lower quartile is compared, because other work of the machine delays some
            // answers.
            func quartile(_ isKnown: Bool) -> Int {
                let sorted = (times[isKnown] ?? []).sorted()
                return sorted[sorted.count / 4]
            }
            let (unknown, known) = (quartile(false), quartile(true))
            return damage.finding(
                "\(unknown) µs for unknown keys, \(known) µs for registered ones",
                isRight: Double(known) < Double(unknown) * 1.2
            )
        },
        .hostile(
            "refused logins while nobody reads the log",
            ServedChat.Setting { $0.hasFullLog = true }
        ) { chat, size in
            let damage = try await chat.measure { alice in
                for index in 0..<size.pick(60, 800) {
                    // The server closes a connection that is silent for two minutes.
                    if index % 100 == 0 { _ = await alice.who() }
                    let stranger = try await HostileMember(chat.stranger(), port: chat.port)
                    stranger.send(HostileMember.hello())
                    let answer = await stranger.answer(within: .seconds(2))
                    await stranger.close()
                    guard case .refusal = answer.kind else { break }
                }
            }
            let status = await chat.stop()
            return damage.finding(
                status == 0 ? "ends when it is asked to" : "does not end when it is asked to",
                isRight: status == 0
            )
        },
        .hostile("connections that say nothing") { chat, size in
            let damage = try await chat.measure { _ in
                var held: [HostileMember] = []
                for _ in 0..<size.pick(150, 1_000) {
                    held.append(try await HostileMember(chat.stranger(), port: chat.port))
                }
                // A member can log in beside them.
                let carol = try await chat.member("carol")
                await carol.close()
                for stranger in held { await stranger.close() }
            }
            return damage.finding("lets a member in", isRight: true)
        },
    ]

    /// The processor time that a stranger's Hello may cost in a debug build, in milliseconds.
    static let fairHello = 150 * Child.slowness
}

extension ServedChat {
    /// Strangers send Hellos with statements, one after the other.
    func hellos(_ count: Int, _ statements: [Data]) async throws -> Attack.Finding {
        let damage = try await measure { _ in
            for _ in 0..<count {
                let stranger = try await HostileMember(self.stranger(), port: port)
                stranger.send(HostileMember.hello { $0.statements = statements })
                guard case .refusal = await stranger.answer().kind else {
                    throw AttackError.missing("a refusal")
                }
                await stranger.close()
            }
        }
        let each = damage.milliseconds / count
        return damage.finding("\(each) ms each", isRight: each <= Attack.fairHello)
    }
}
