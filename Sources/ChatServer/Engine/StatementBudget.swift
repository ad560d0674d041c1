import ChatProtocol
import CryptoCore
import Registry

/// Limits the work and the registry lines that clients cause with their own statements.
///
/// It is a value; its times are milliseconds of the steady clock.
struct StatementBudget {
    private struct Window {
        var start: Int64
        var count = 0
        var amendments = 0
    }

    private static let minute: Int64 = 60_000

    private var failures: [String: Window] = [:]
    private var brought: [SHA256Digest: Window] = [:]

    /// Whether statements from an address prefix are verified now.
    func allows(_ prefix: String, at now: Int64) -> Bool {
        guard let window = failures[prefix], now - window.start < StatementBudget.minute else {
            return true
        }
        return window.count < ServerLimits.failedStatementsPerMinute
    }

    /// Counts statements from a prefix whose verification failed.
    mutating func fail(_ prefix: String, at now: Int64) {
        if failures.count >= ServerLimits.prefixCount {
            failures = failures.filter { now - $0.value.start < StatementBudget.minute }
            // All counts are of this minute. Dropping them is better than growing without bound.
            if failures.count >= ServerLimits.prefixCount { failures.removeAll() }
        }
        var window = failures[prefix] ?? Window(start: now)
        if now - window.start >= StatementBudget.minute { window = Window(start: now) }
        window.count += 1
        failures[prefix] = window
    }

    /// Whether an identity may add these statements today.
    func mayBring(_ statements: [Statement], of identity: SHA256Digest, at now: Int64) -> Bool {
        let next = window(of: identity, with: statements, at: now)
        return next.count <= ServerLimits.statementsPerDay
            && next.amendments <= ServerLimits.amendmentsPerDay
    }

    /// Counts statements of an identity that were stored.
    mutating func charge(_ statements: [Statement], of identity: SHA256Digest, at now: Int64) {
        brought[identity] = window(of: identity, with: statements, at: now)
    }

    /// Returns the counts of an identity with these statements.
    ///
    /// Rotations do not count: a chain of any length is followed, and each rotation costs its owner
    /// a new key.
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
