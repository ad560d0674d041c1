import AttackSupport
import ChatProtocol
import CryptoCore
import Foundation
import Registry
import SwiftProtobuf

/// Judging an attack on a server: its cost, and whether an honest member is still served.
extension ServedChat {
    /// The measurements of an attack.
    struct Damage {
        /// The processor time of the server, in milliseconds.
        var milliseconds: Int
        /// Its largest memory, and the growth during the attack, in KiB.
        var peakKiB: Int
        var growthKiB: Int
        /// How long an honest member waited for an answer afterwards; `nil` if none came.
        var delay: Duration?

        func finding(_ did: String = "", isRight: Bool) -> Attack.Finding {
            let service =
                delay.map { "an honest member waits \($0.inMilliseconds) ms" }
                ?? "no honest member is served"
            return Attack.Finding(
                did.isEmpty ? service : "\(did); \(service)",
                isRight: isRight && delay != nil,
                milliseconds: milliseconds,
                peakKiB: peakKiB
            )
        }
    }

    /// Alice logs in, the attack is made, then alice asks for the list of members.
    func measure(_ attack: (HostileMember) async throws -> Void) async throws -> Damage {
        let alice = try await member("alice")
        _ = await alice.who()
        let before = cost
        try await attack(alice)
        let delay = await alice.who(within: .seconds(6))
        let after = cost
        return Damage(
            milliseconds: after.milliseconds - before.milliseconds,
            peakKiB: after.peakKiB,
            growthKiB: after.peakKiB - before.peakKiB,
            delay: delay
        )
    }

    /// Fills the log with messages of a member.
    func fill(_ count: Int, byteCount: Int, by writer: HostileMember) async throws {
        let epoch = try ForgedEpoch(1, for: [], world)
        let text = String(repeating: "x", count: byteCount)
        writer.publish(.keys, try writer.session.announcement(epoch, seen: writer.head))
        for index in 0..<count {
            writer.publish(
                .message,
                try writer.session.message(
                    text,
                    epoch,
                    index: UInt32(index),
                    seen: writer.head
                )
            )
        }
        let target = writer.head.seq + UInt64(count) + 1
        _ = await writer.inbox.next(within: .seconds(20)) { frame in
            frame.entries.entries.last.map { $0.seq >= target } ?? false
        }
    }
}

extension Duration {
    var inMicroseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
    }
    var inMilliseconds: Int { inMicroseconds / 1_000 }
}
