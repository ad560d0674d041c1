internal import ChatProtocol
internal import Foundation
internal import Synchronization
internal import TestSupport

/// A real `securechat connect` process that a lying server speaks to.
package final class Victim: Sendable {
    /// What became of it.
    package struct Account: Sendable {
        /// Its standard output and standard error, line by line.
        package var printed: [String]
        /// Its exit status; `nil` where it had to be killed.
        package var status: Int32?
        /// What it published on all connections that the attack looked at.
        package var published: Published
        /// Its processor time in milliseconds, and the largest memory in KiB that was seen.
        package var milliseconds: Int
        package var peakKiB: Int

        /// Whether a line holds a text.
        package func says(_ text: String) -> Bool { printed.contains { $0.contains(text) } }

        /// Whether a message with this text was shown.
        package func shows(_ text: String) -> Bool {
            printed.contains { $0.contains("\"event\":\"message\"") && $0.contains(text) }
        }

        /// The codes of the errors that it printed.
        package var errorCodes: [String] {
            printed.compactMap { line in
                guard line.contains("\"event\":\"error\"") else { return nil }
                return line.split(separator: "\"code\":\"").dropFirst().first
                    .flatMap { $0.split(separator: "\"").first.map(String.init) }
            }
        }
    }

    private let child: Child
    private let usage: UsageSampler

    init(_ child: Child) {
        self.child = child
        usage = UsageSampler(child.processID)
    }

    /// Types a line.
    package func type(_ line: String) { child.send(line) }

    /// Waits for a line of standard output; `false` where it does not come in time.
    @discardableResult
    package func prints(_ text: String, within limit: Duration = .seconds(10)) async -> Bool {
        let child = child
        return await Deadline.first(within: limit) { await child.line(with: text) } != nil
    }

    /// The lines that were read until now.
    package var linesSoFar: [String] { child.linesSoFar }

    /// Processor time and memory until now.
    package var cost: (milliseconds: Int, peakKiB: Int) { usage.last }

    /// Ends its input and waits for its end; kills it where that does not come in time.
    package func conclude(
        _ connections: LyingConnection...,
        within limit: Duration = .seconds(3)
    ) async -> Account {
        child.endInput()
        let child = child
        let status = await Deadline.first(within: limit) { () -> Int32? in
            let status = await child.exit()
            return status < 0 ? nil : status
        }
        usage.sample()
        child.kill(SIGKILL)
        let output = await child.allLines()
        let errors = await child.allErrors()
        let cost = usage.last
        return Account(
            printed: output + errors.split(separator: "\n").map(String.init),
            status: status,
            published: Published(connections.flatMap { $0.inbox.all }),
            milliseconds: cost.milliseconds,
            peakKiB: cost.peakKiB
        )
    }

    /// Kills it, as a crash would.
    package func kill() async {
        usage.sample()
        child.kill(SIGKILL)
        _ = await child.allLines()
    }
}
