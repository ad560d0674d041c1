internal import Foundation
internal import TestSupport

/// One attack: a lie of a server, or frames of a stranger or a member, with its required result.
package struct Attack: Sendable {
    /// The required result.
    package enum Outcome: Sendable {
        /// The victim withstands the attack. The test asserts it.
        case withstood
        /// Only another version of the wire can prevent the attack. The table shows what happens,
        /// and nothing is asserted.
        case newWire
    }

    /// The size of an attack.
    package enum Size: Sendable {
        /// The size for every test run.
        case small
        /// The size at which the attack was found.
        case full

        /// The size that the variable `ATTACK_SIZE` asks for.
        package static let chosen: Size =
            ProcessInfo.processInfo.environment["ATTACK_SIZE"] == "full" ? .full : .small

        /// Returns the number for this size.
        package func pick(_ small: Int, _ full: Int) -> Int { self == .small ? small : full }
    }

    /// The victim's behaviour.
    package struct Finding: Sendable {
        /// The behaviour in a few words.
        package var did: String
        /// Whether the behaviour is right.
        package var isRight: Bool
        /// The victim's processor time during the attack, in milliseconds.
        package var milliseconds: Int
        /// The victim's largest memory, in KiB.
        package var peakKiB: Int

        package init(_ did: String, isRight: Bool, milliseconds: Int, peakKiB: Int) {
            self.did = did
            self.isRight = isRight
            self.milliseconds = milliseconds
            self.peakKiB = peakKiB
        }
    }

    /// The name in the table.
    package let name: String
    /// The required result.
    package let outcome: Outcome
    /// Makes the attack.
    package let run: @Sendable (Size) async throws -> Finding

    package init(
        _ name: String,
        _ outcome: Outcome = .withstood,
        run: @escaping @Sendable (Size) async throws -> Finding
    ) {
        self.name = name
        self.outcome = outcome
        self.run = run
    }

    /// Makes an attack in which a server lies to real clients.
    package static func lie(
        _ name: String,
        _ outcome: Outcome = .withstood,
        _ tell: @escaping @Sendable (LieStage, Size) async throws -> Finding
    ) -> Attack {
        Attack(name, outcome) { size in
            let stage = try await LieStage(AttackWorld.shared.value)
            do {
                let finding = try await tell(stage, size)
                await stage.server.stop()
                return finding
            } catch {
                await stage.server.stop()
                throw error
            }
        }
    }

    /// Makes an attack on a real server by strangers or members.
    package static func hostile(
        _ name: String,
        _ setting: ServedChat.Setting = ServedChat.Setting(),
        _ attack: @escaping @Sendable (ServedChat, Size) async throws -> Finding
    ) -> Attack {
        Attack(name) { size in
            let chat = try await ServedChat(AttackWorld.shared.value, setting)
            do {
                let finding = try await attack(chat, size)
                chat.child.kill(SIGKILL)
                return finding
            } catch {
                chat.child.kill(SIGKILL)
                throw error
            }
        }
    }
}

extension Victim.Account {
    /// Returns a finding with the client's cost.
    package func finding(_ did: String, isRight: Bool) -> Attack.Finding {
        Attack.Finding(did, isRight: isRight, milliseconds: milliseconds, peakKiB: peakKiB)
    }

    /// The errors and the exit status of the client, in a few words.
    package var ending: String {
        let status = status.map { "exit \($0)" } ?? "had to be killed"
        var codes: [(code: String, count: Int)] = []
        for code in errorCodes {
            if codes.last?.code == code {
                codes[codes.count - 1].count += 1
            } else {
                codes.append((code, 1))
            }
        }
        let texts = codes.map { $0.count == 1 ? $0.code : "\($0.count) × \($0.code)" }
        return texts.isEmpty ? status : "\(texts.joined(separator: ", ")); \(status)"
    }
}
