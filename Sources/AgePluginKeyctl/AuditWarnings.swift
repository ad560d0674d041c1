internal import CommandSupport
internal import Synchronization

/// The first reason why the audit log has no entry, until the host is told.
final class AuditWarnings: Sendable {
    private let first = Mutex<String?>(nil)

    func note(_ reason: any Error) {
        first.withLock { known in
            known =
                known ?? "warning: an entry is missing in the audit log: "
                + Report.message(of: reason)
        }
    }

    /// The warning; `nil` where there is none.
    var text: String? { first.withLock(\.self) }
}
