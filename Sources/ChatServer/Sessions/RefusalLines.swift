import ChatProtocol
import Logging

/// Limits the log's lines about refused logins per second; further lines are counted, and the count
/// is logged.
struct RefusalLines {
    private static let second: Int64 = 1_000
    private var start: Int64 = 0
    private var count = 0

    /// Logs one refusal, at a time of the steady clock in milliseconds.
    mutating func add(_ code: String, _ logger: Logger, at now: Int64) {
        if now - start >= RefusalLines.second {
            let more = count - ServerLimits.refusalLinesPerSecond
            if more > 0 { logger.info("logins refused", metadata: ["more": "\(more)"]) }
            start = now
            count = 0
        }
        count += 1
        guard count <= ServerLimits.refusalLinesPerSecond else { return }
        logger.info("login refused", metadata: ["code": "\(code)"])
    }
}
