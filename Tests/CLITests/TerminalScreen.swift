import Foundation
import TestSupport
import Testing

/// A terminal with a program, and the content of its screen: a window of tmux.
final class TerminalScreen: Sendable {
    private static let patience = Duration.seconds(60)
    private let folder: TemporaryFolder
    private let socket: String
    private let serverID: Int32

    /// Runs a line of shell on a terminal.
    ///
    /// At its end, the screen shows `status 0`.
    init(
        _ command: String,
        folder: TemporaryFolder,
        columns: Int = 40,
        rows: Int = 16,
        locale: String = "C.UTF-8"
    ) async throws {
        self.folder = folder
        socket = folder.file("terminal-\(UUID().uuidString.prefix(8))")
        let started = try await Command.run(
            "tmux",
            ["-u", "-S", socket, "-f", "/dev/null", "new-session", "-d"]
                + ["-x", "\(columns)", "-y", "\(rows)", "-P", "-F", "#{pid}"]
                + ["sh", "-c", "\(command); echo \"status $?\"; exec cat"],
            folder: folder.path,
            environment: ["LC_ALL": locale, "TERM": "xterm"]
        )
        try #require(started.status == 0, "\(started.errors)")
        serverID = try #require(
            Int32(started.output.trimmingCharacters(in: .whitespacesAndNewlines))
        )
    }

    deinit { vanish() }

    /// Removes the terminal without warning the program on it.
    func vanish() { _ = kill(serverID, SIGKILL) }

    /// Types text.
    func type(_ text: String) async throws { try await tmux(["send-keys", "-l", "--", text]) }

    /// Presses a key, by tmux's name for it.
    func press(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

    /// Pastes text, in brackets if the program asked for them.
    func paste(_ text: String) async throws {
        try await tmux(["set-buffer", "--", text])
        try await tmux(["paste-buffer", "-p", "-r"])
    }

    func resize(columns: Int) async throws {
        try await tmux(["resize-window", "-x", "\(columns)"])
    }

    /// Writes everything that the program prints to a file.
    func record(_ file: String) async throws { try await tmux(["pipe-pane", "cat > \(file)"]) }

    /// Returns the content of the screen.
    func screen() async throws -> String { try await tmux(["capture-pane", "-p"]) }

    /// Waits until the screen shows a text, and returns the whole screen.
    @discardableResult
    func shows(_ text: String) async throws -> String {
        let end = ContinuousClock.now + TerminalScreen.patience
        var present = ""
        while ContinuousClock.now < end {
            present = try await screen()
            if present.contains(text) { return present }
        }
        Issue.record("the screen does not show \"\(text)\":\n\(present)")
        return present
    }

    @discardableResult
    private func tmux(_ arguments: [String]) async throws -> String {
        let result = try await Command.run(
            "tmux",
            ["-u", "-S", socket] + arguments,
            folder: folder.path
        )
        try #require(result.status == 0, "\(arguments): \(result.errors)")
        return result.output
    }
}

/// Returns whether a process ends in time.
///
/// A process that nobody waited for has ended, too.
func endsByItself(_ processID: Int32) -> Bool {
    let end = ContinuousClock.now + Duration.seconds(60)
    while ContinuousClock.now < end {
        guard let status = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
            let state = status.split(separator: ")").last?.split(separator: " ").first
        else { return true }
        if state == "Z" || state == "X" { return true }
        sched_yield()
    }
    return false
}
