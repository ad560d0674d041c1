import Foundation
import TestSupport
import Testing

/// Pages of shell, one for each behaviour, run with the real programs.
///
/// `$ line` runs a line of shell in the script's own folder, without a terminal; indented lines after
/// it belong to it. The status is that of the last one. The lines after them say what is expected: `= 1` the exit status (0 without such a line), `> text` a part of standard
/// output, `2> text` a part of standard error, `!> text` and `!2> text` that the text is not there.
/// `$pages` is the folder of the pages.
struct ScriptTests {
    static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        + "/Scripts"
    static let scripts: [String] =
        ((try? FileManager.default.contentsOfDirectory(
            atPath: folder
        )) ?? []).filter { $0.hasSuffix(".txt") && isWanted($0) }.sorted()

    /// `SCRIPTS=gen,home` runs only these pages.
    private static func isWanted(_ name: String) -> Bool {
        guard let wanted = ProcessInfo.processInfo.environment["SCRIPTS"] else { return true }
        return wanted.split(separator: ",").contains { "\($0).txt" == name }
    }

    @Test func `there are scripts to run`() {
        #expect(ScriptTests.scripts.count >= 8)
    }

    /// Every page with the usual umask, and the pages about files with a strict one, too.
    static let runs =
        scripts.map { ($0, "022") }
        + scripts.filter { strictPages.contains($0) }.map { ($0, "077") }
    private static let strictPages = [
        "backup.txt", "files.txt", "foreign.txt", "gen.txt", "home.txt", "import.txt",
        "machines.txt",
    ]

    @Test(.timeLimit(.minutes(5 * Child.slowness)), arguments: runs)
    func script(_ name: String, umask: String) async throws {
        let text = try String(
            contentsOfFile: "\(ScriptTests.folder)/\(name)",
            encoding: .utf8
        )
        let folder = try TemporaryFolder()
        var command: (line: Int, text: String)?
        var expectations: [Substring] = []
        var ran = 0
        func finish() async throws {
            guard let present = command else { return }
            ran += 1
            let before = "umask \(umask); pages='\(ScriptTests.folder)'; "
            let result = try await Command.shell(
                "\(ScriptTests.longerLimits)\(before)\(present.text)",
                folder: folder.path
            )
            try judge(
                result,
                expectations,
                "\(name):\(present.line) (umask \(umask)): \(present.text)"
            )
        }
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.hasPrefix("$ ") {
                try await finish()
                command = (number + 1, String(line.dropFirst(2)))
                expectations = []
            } else if line.hasPrefix("  "), expectations.isEmpty {
                command?.text += "\n" + line.dropFirst(2)
            } else if !line.isEmpty, !line.hasPrefix("#") {
                expectations.append(line)
            }
        }
        try await finish()
        #expect(ran > 0)
    }

    /// Gives commands more time under a sanitizer.
    private static let longerLimits =
        Child.isSanitized
        ? "timeout() { case $1 in -*) command timeout \"$@\" ;; "
            + "*) limit=$(($1 * 20)); shift; command timeout $limit \"$@\" ;; esac; }; "
        : ""

    private func judge(_ result: Command, _ expected: [Substring], _ place: String) throws {
        let context = "\(place)\nexit \(result.status)\n\(result.output)\n\(result.errors)"
        var status: Int32 = 0
        for line in expected {
            let parts = line.split(separator: " ", maxSplits: 1)
            let kind = parts[0]
            let text = parts.count > 1 ? String(parts[1]) : ""
            switch kind {
            case "=": status = Int32(text) ?? -1
            case ">": #expect(result.output.contains(text), "no \"\(text)\": \(context)")
            case "2>": #expect(result.errors.contains(text), "no \"\(text)\": \(context)")
            case "!>": #expect(!result.output.contains(text), "\"\(text)\" in: \(context)")
            case "!2>": #expect(!result.errors.contains(text), "\"\(text)\" in: \(context)")
            default: Issue.record("not an expectation: \(line) (\(place))")
            }
        }
        try #require(result.status == status, "\(context)")
    }
}
