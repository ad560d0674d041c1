internal import Foundation

/// What a running process has cost: processor time, and the most memory it ever held.
package struct ProcessUsage: Sendable {
    private static let userTimeField = 11
    private static let systemTimeField = 12

    /// Processor time in milliseconds, of user and kernel together.
    package var milliseconds: Int
    /// The largest resident memory so far, in KiB.
    package var peakKiB: Int
    /// The resident memory now, in KiB.
    package var residentKiB: Int

    /// Asks the kernel; `nil` where the process has ended.
    package init?(of process: Int32) {
        let folder = "/proc/\(process)"
        guard let stat = try? String(contentsOfFile: "\(folder)/stat", encoding: .utf8),
            let status = try? String(contentsOfFile: "\(folder)/status", encoding: .utf8),
            // The program's name may hold anything, so the fields are counted after it.
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[end...].split(separator: " ").dropFirst().map(String.init)
        guard fields.count > ProcessUsage.systemTimeField,
            let user = Int(fields[ProcessUsage.userTimeField]),
            let system = Int(fields[ProcessUsage.systemTimeField]),
            let peak = ProcessUsage.field("VmHWM", in: status),
            let resident = ProcessUsage.field("VmRSS", in: status)
        else { return nil }
        milliseconds = (user + system) * 1_000 / max(1, Int(sysconf(Int32(_SC_CLK_TCK))))
        peakKiB = peak
        residentKiB = resident
    }

    private static func field(_ name: String, in status: String) -> Int? {
        for line in status.split(separator: "\n") where line.hasPrefix(name + ":") {
            return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
                .flatMap { Int($0) }
        }
        return nil
    }
}
