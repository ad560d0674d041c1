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

    /// Takes statements that an identity brings; `false` where it has brought enough today.
    mutating func take(
        _ statements: [Statement],
        of identity: SHA256Digest,
        at now: Int64
    ) -> Bool {
        var window = brought[identity] ?? Window(start: now)
        if now - window.start >= ClockWatch.day { window = Window(start: now) }
        window.count += statements.count
        for statement in statements {
            if case .amend = statement.act { window.amendments += 1 }
        }
        guard window.count <= ServerLimits.statementsPerDay,
            window.amendments <= ServerLimits.amendmentsPerDay
        else { return false }
        brought[identity] = window
        return true
    }
}
