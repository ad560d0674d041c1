internal import Foundation

/// The cost of a running process: its processor time and its largest memory.
package struct ProcessUsage: Sendable {
    private static let userTimeField = 11
    private static let systemTimeField = 12

    /// The processor time of user and kernel together, in milliseconds.
    package var milliseconds: Int
    /// The largest resident memory so far, in KiB.
    package var peakKiB: Int
    /// The resident memory now, in KiB.
    package var residentKiB: Int

    /// Reads the cost from `/proc`; returns `nil` if the process has ended.
    package init?(of process: Int32) {
        let folder = "/proc/\(process)"
        guard let stat = try? String(contentsOfFile: "\(folder)/stat", encoding: .utf8),
            let status = try? String(contentsOfFile: "\(folder)/status", encoding: .utf8),
            // The program's name may contain anything, so the fields are counted after it.
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
