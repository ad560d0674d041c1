internal import Foundation
internal import Synchronization

/// Looks at a process again and again until it ends: its cost can only be asked while it lives.
package final class UsageSampler: Sendable {
    private static let interval = 0.02
    private let process: Int32
    private let latest = Mutex((milliseconds: 0, peakKiB: 0))

    /// Starts to look.
    package init(_ process: Int32) {
        self.process = process
        Thread.detachNewThread { [weak self] in
            while self?.sample() == true { Thread.sleep(forTimeInterval: UsageSampler.interval) }
        }
    }

    /// Processor time in milliseconds and the largest memory in KiB, as they were seen last.
    package var last: (milliseconds: Int, peakKiB: Int) { latest.withLock { $0 } }

    /// Looks once more; `false` where the process has ended.
    @discardableResult
    package func sample() -> Bool {
        guard let usage = ProcessUsage(of: process) else { return false }
        latest.withLock { $0 = (usage.milliseconds, max($0.peakKiB, usage.peakKiB)) }
        return true
    }
}
