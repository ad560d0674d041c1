internal import Foundation
internal import TestSupport

/// One attack: a lie of a server, or a frame of a stranger or member, and what it must lead to.
package struct Attack: Sendable {
    /// What the victim has to do.
    package enum Outcome: Sendable {
        /// It withstands the attack; the test asserts it.
        case withstood
        /// Only another wire can mend it; the table tells what happens, and nothing is asserted.
        case newWire
    }

    /// How large the attack is.
    package enum Size: Sendable {
        /// Small enough for every test run.
        case small
        /// As large as it was when it was found.
        case full

        /// What the variable `ATTACK_SIZE` asks for.
        package static let chosen: Size =
            ProcessInfo.processInfo.environment["ATTACK_SIZE"] == "full" ? .full : .small

        /// One number or the other.
        package func pick(_ small: Int, _ full: Int) -> Int { self == .small ? small : full }
    }

    /// What the victim did.
    package struct Finding: Sendable {
        /// In a few words.
        package var did: String
        /// Whether that is right.
        package var isRight: Bool
        /// The victim's processor time for it, in milliseconds.
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

    /// Its name in the table.
    package let name: String
    /// What it must lead to.
    package let outcome: Outcome
    /// Makes it.
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

    /// A lie that is told to real clients on a stage of its own.
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

    /// An attack on a real server by strangers or members.
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
    /// Puts what became of a client beside whether that is right.
    package func finding(_ did: String, isRight: Bool) -> Attack.Finding {
        Attack.Finding(did, isRight: isRight, milliseconds: milliseconds, peakKiB: peakKiB)
    }

    /// How it ended, in a few words.
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
