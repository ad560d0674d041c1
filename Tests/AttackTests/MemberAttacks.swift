import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation
import KeyFormats
import Registry
import SwiftProtobuf
import TestSupport

/// Attacks of a member on a server.
extension Attack {
    /// The memory that an attack may cost a server, in KiB.
    private static let fairGrowthKiB = (72 << 10) * Child.slowness
    /// The processor time that an attack may cost in a debug build, in milliseconds.
    private static let fairServerMilliseconds = 1_000 * Child.slowness

    private static let fairDecodingMilliseconds = 150 * Child.slowness
    /// The limit of descriptors of a server that is short of them.
    private static let descriptorCount = 96

    static let memberAttacks: [Attack] = [
        .hostile("requests for history by a session that does not read") { chat, size in
            let carol = try await chat.member("carol")
            try await chat.fill(40, byteCount: 30_000, by: carol)
            let damage = try await chat.measure { _ in
                let mallory = try await chat.member("bob", reading: .narrow)
                try await mallory.stopReading()
                let request = FrameCodec.encode(.with { $0.historyRequest.count = 10_000 })
                let burst = (0..<size.pick(300, 2_000)).flatMap { _ in request }
                await mallory.send(bytes: burst)
                // The server has begun its work for the attack when it answers another member.
                _ = await carol.who()
                _ = await carol.who()
            }
            return damage.finding(
                "\(damage.growthKiB >> 10) MiB more",
                isRight: damage.growthKiB <= fairGrowthKiB
            )
        },
        .hostile("requests for who is there") { chat, size in
            let count = size.pick(1_500, 1_500)
            let damage = try await chat.measure { _ in
                let mallory = try await chat.member("bob", reading: .narrow)
                try await mallory.stopReading()
                let request = FrameCodec.encode(.with { $0.whoRequest = .init() })
                await mallory.send(bytes: (0..<count).flatMap { _ in request })
            }
            return damage.finding(
                "\(count) requests",
                isRight: damage.milliseconds <= fairServerMilliseconds
            )
        },
        .hostile(
            "more connections of one member than there are descriptors",
            ServedChat.Setting { $0.descriptorCount = descriptorCount }
        ) { chat, _ in
            var turnedAway = 0
            let damage = try await chat.measure { _ in
                let session = try ForgedSession("bob", chat.world)
                var held: [HostileMember] = []
                // Connections that send nothing meet no limit of sessions.
                for _ in 0..<descriptorCount + descriptorCount / 4 {
                    if let member = try? await HostileMember(session, port: chat.port) {
                        held.append(member)
                    }
                }
                for member in held.suffix(ServerLimits.sessionsPerMember) {
                    try? await member.logIn()
                }
                turnedAway = descriptorCount + descriptorCount / 4
                for member in held where member.isOpen { turnedAway -= 1 }
                for member in held { await member.close() }
            }
            return damage.finding(
                chat.isRunning
                    ? "runs on; \(turnedAway) connections closed" : "the server ended",
                isRight: chat.isRunning && turnedAway >= descriptorCount / 4
            )
        },
        .hostile("sessions of one member that do not read") { chat, size in
            let damage = try await chat.measure { _ in
                let session = try ForgedSession("bob", chat.world)
                for _ in 0..<size.pick(40, 150) {
                    guard
                        let member = try? await HostileMember(
                            session,
                            port: chat.port,
                            reading: .narrow
                        ), (try? await member.logIn()) != nil
                    else { break }
                    try await member.stopReading()
                }
                let carol = try await chat.member("carol")
                try await chat.fill(200, byteCount: 30_000, by: carol)
            }
            return damage.finding(
                "\(damage.growthKiB >> 10) MiB more",
                isRight: damage.growthKiB <= fairGrowthKiB
            )
        },
        .hostile("renewals of its own key, many in each hello") { chat, size in
            let before = try chat.registryLineCount()
            let damage = try await chat.measure { _ in
                var renewals = try Renewals(of: "bob", chat.world)
                for _ in 0..<size.pick(2, 5) {
                    let lines = try renewals.next(size.pick(80, 440))
                    let bob = try await chat.connect("bob")
                    bob.send(HostileMember.hello { $0.statements = lines })
                    _ = await bob.answer()
                    await bob.close()
                }
            }
            let added = try chat.registryLineCount() - before
            return damage.finding(
                "\(added) lines more in everybody's registry",
                isRight: added <= 64
            )
        },
        .hostile("empty wraps in a message") { chat, size in
            let count = size.pick(500_000, 500_000)
            let damage = try await chat.measure { _ in
                let bob = try await chat.member("bob")
                // A publish of the kind of a message, which has no wraps. Each wrap takes two
                // bytes.
                let wraps = Data((0..<count).flatMap { _ in [0x4a, 0x00] as [UInt8] })
                let body = try bob.session.signed(wraps, context: "securechat message v1\n")
                bob.publish(.message, body)
                _ = await bob.who()
            }
            return damage.finding(
                "\(count) empty wraps",
                isRight: damage.milliseconds <= fairServerMilliseconds
            )
        },
        .hostile("empty wraps in an announcement") { chat, size in
            let count = size.pick(500_000, 500_000)
            let damage = try await chat.measure { _ in
                let bob = try await chat.member("bob")
                let epoch = try ForgedEpoch(1, for: [], chat.world)
                let honest = try WireSigned(
                    serializedBytes: bob.session.announcement(epoch, seen: bob.head)
                ).content
                let wraps = Data((0..<count).flatMap { _ in [0x4a, 0x00] as [UInt8] })
                let body = try bob.session.signed(honest + wraps, context: "securechat keys v1\n")
                bob.publish(.keys, body)
                _ = await bob.who()
            }
            return damage.finding(
                "\(count) empty wraps",
                isRight: damage.milliseconds <= fairDecodingMilliseconds
            )
        },
        .hostile("frames that make no sense") { chat, _ in
            var answers: [String: Int] = [:]
            let damage = try await chat.measure { _ in
                for (name, bytes) in MalformedFrames.all {
                    let bob = try await chat.member("bob")
                    bob.send(unwaited: bytes)
                    bob.send(.with { $0.whoRequest = .init() })
                    let answer = await bob.inbox.next(within: .seconds(5)) { frame in
                        switch frame.kind {
                        case .who, .refusal, .rejected, .bye: true
                        default: false
                        }
                    }
                    switch answer?.kind {
                    case .who?: answers["ignored", default: 0] += 1
                    case .rejected?: answers["rejected", default: 0] += 1
                    case .refusal?, .bye?: answers["refused", default: 0] += 1
                    default:
                        answers[bob.inbox.isFinished ? "hung up" : "\(name): silent", default: 0] +=
                            1
                    }
                    await bob.close()
                }
            }
            let text = answers.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            return damage.finding(
                text.joined(separator: ", "),
                isRight: !answers.keys.contains { $0.hasSuffix("silent") }
            )
        },
        .hostile("certificates that let nobody in") { chat, _ in
            var admitted: [String] = []
            let damage = try await chat.measure { _ in
                for (name, session) in try WrongCertificates.all(chat) {
                    // A failed handshake is an answer, too.
                    guard let guest = try? await HostileMember(session, port: chat.port) else {
                        continue
                    }
                    guest.send(HostileMember.hello())
                    if case .welcome = await guest.answer(within: .seconds(5)).kind {
                        admitted.append(name)
                    }
                    await guest.close()
                }
            }
            return damage.finding(
                admitted.isEmpty ? "nobody got in" : "got in: \(admitted.joined(separator: ", "))",
                isRight: admitted.isEmpty
            )
        },
    ]
}
