internal import ChatProtocol
internal import Foundation
internal import Synchronization
internal import TestSupport

/// A real `securechat connect` process to which a lying server speaks.
package final class Victim: Sendable {
    /// The behaviour of a client until its end.
    package struct Account: Sendable {
        /// Its standard output and standard error, line by line.
        package var printed: [String]
        /// Its exit status; `nil` if it had to be killed.
        package var status: Int32?
        /// What it published on all connections that the attack recorded.
        package var published: Published
        /// Its processor time in milliseconds and its largest sampled memory in KiB.
        package var milliseconds: Int
        package var peakKiB: Int

        /// Returns whether a line contains a text.
        package func says(_ text: String) -> Bool { printed.contains { $0.contains(text) } }

        /// Returns whether a message with this text was shown.
        package func shows(_ text: String) -> Bool {
            printed.contains { $0.contains("\"event\":\"message\"") && $0.contains(text) }
        }

        /// The codes of the printed errors.
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

    /// Waits for a line of standard output; returns `false` if it does not come in time.
    @discardableResult
    package func prints(_ text: String, within limit: Duration = .seconds(10)) async -> Bool {
        let child = child
        return await Deadline.first(within: limit) { await child.line(with: text) } != nil
    }

    /// The lines until now.
    package var linesSoFar: [String] { child.linesSoFar }

    /// The processor time and memory until now.
    package var cost: (milliseconds: Int, peakKiB: Int) { usage.last }

    /// Ends its input and waits for its end; kills it if it does not end in time.
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

    /// Kills it, like a crash.
    package func kill() async {
        usage.sample()
        child.kill(SIGKILL)
        _ = await child.allLines()
    }
}
