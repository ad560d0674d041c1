import ChatClient
import ChatProtocol
import Failures
import NIOConcurrencyHelpers

/// An output that notes refusals, so that the exit status can tell a script about them.
final class FailureWatch: ClientOutput {
    private let output: any ClientOutput
    private let failed = NIOLockedValueBox(false)
    private let unacknowledged = NIOLockedValueBox(false)
    private let refused = NIOLockedValueBox(0)

    init(_ output: any ClientOutput) { self.output = output }

    var hasFailed: Bool { failed.withLockedValue { $0 } }

    /// The number of refused messages.
    var refusedCount: Int { refused.withLockedValue { $0 } }

    /// Whether the session ended with unacknowledged messages.
    var hasToldUnacknowledged: Bool { unacknowledged.withLockedValue { $0 } }

    func show(_ event: ClientEvent) {
        switch event {
        case .refused(_, let id, _):
            failed.withLockedValue { $0 = true }
            if !id.isEmpty { refused.withLockedValue { $0 += 1 } }
        case .error(let error):
            if error.code == .unacknowledged { unacknowledged.withLockedValue { $0 = true } }
            switch error.code {
            case .forbidden, .tooLong, .invalidMessage, .unknownCommand, .keyMismatch,
                .unacknowledged:
                failed.withLockedValue { $0 = true }
            default: break
            }
        default: break
        }
        output.show(event)
    }

    func flush() async { await output.flush() }
}
