internal import Foundation
internal import Synchronization

/// Samples the cost of a process until it ends: the kernel tells it only while the process runs.
package final class UsageSampler: Sendable {
    private static let interval = 0.02
    private let process: Int32
    private let latest = Mutex((milliseconds: 0, peakKiB: 0))

    /// Starts to sample.
    package init(_ process: Int32) {
        self.process = process
        Thread.detachNewThread { [weak self] in
            while self?.sample() == true { Thread.sleep(forTimeInterval: UsageSampler.interval) }
        }
    }

    /// The last sample: processor time in milliseconds and the largest memory in KiB.
    package var last: (milliseconds: Int, peakKiB: Int) { latest.withLock { $0 } }

    /// Takes one more sample; returns `false` if the process has ended.
    @discardableResult
    package func sample() -> Bool {
        guard let usage = ProcessUsage(of: process) else { return false }
        latest.withLock { $0 = (usage.milliseconds, max($0.peakKiB, usage.peakKiB)) }
        return true
    }
}
