import ChatProtocol
import CryptoCore
import Registry

/// How much work and how many lines of the registry others may cause with statements of their own:
/// a value, fed with times of the steady clock in milliseconds.
struct StatementBudget {
    private struct Window {
        var start: Int64
        var count = 0
        var amendments = 0
    }

    private static let minute: Int64 = 60_000

    private var failures: [String: Window] = [:]
    private var brought: [SHA256Digest: Window] = [:]

    /// Whether statements from a prefix of addresses are looked at now.
    func allows(_ prefix: String, at now: Int64) -> Bool {
        guard let window = failures[prefix], now - window.start < StatementBudget.minute else {
            return true
        }
        return window.count < ServerLimits.failedStatementsPerMinute
    }

    /// Statements from a prefix were verified in vain.
    mutating func fail(_ prefix: String, at now: Int64) {
        if failures.count >= ServerLimits.prefixCount {
            failures = failures.filter { now - $0.value.start < StatementBudget.minute }
            // All are of this minute: forgetting one address is better than growing.
            if failures.count >= ServerLimits.prefixCount { failures.removeAll() }
        }
        var window = failures[prefix] ?? Window(start: now)
        if now - window.start >= StatementBudget.minute { window = Window(start: now) }
        window.count += 1
        failures[prefix] = window
    }

    /// Whether an identity may bring these statements today.
    func mayBring(_ statements: [Statement], of identity: SHA256Digest, at now: Int64) -> Bool {
        let next = window(of: identity, with: statements, at: now)
        return next.count <= ServerLimits.statementsPerDay
            && next.amendments <= ServerLimits.amendmentsPerDay
    }

    /// Counts statements of an identity that were kept.
    mutating func charge(_ statements: [Statement], of identity: SHA256Digest, at now: Int64) {
        brought[identity] = window(of: identity, with: statements, at: now)
    }

    /// Rotations are not counted: a chain of any length is followed, and each costs its owner a key.
    private func window(
        of identity: SHA256Digest,
        with statements: [Statement],
        at now: Int64
    ) -> Window {
        var window = brought[identity] ?? Window(start: now)
        if now - window.start >= ClockWatch.day { window = Window(start: now) }
        for statement in statements {
            switch statement.act {
            case .rotate: continue
            case .amend: window.amendments += 1
            case .sign, .register, .replace, .remove, .assign, .revoke, .disown, .verify, .unverify,
                .join, .leave:
                break
            }
            window.count += 1
        }
        return window
    }
}
