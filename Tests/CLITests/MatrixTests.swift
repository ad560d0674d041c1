import Foundation
import TestSupport
import Testing

/// Every format and every operation against other programs, in both directions.
///
/// `Matrix/setup.sh` makes the files. Each line of `Matrix/rows.txt` is one case: what is compared,
/// whether our output or the other program's is read, which program, and a line of shell that must
/// succeed.
struct MatrixTests {
    private struct Row {
        let subject: String
        let way: String
        let tool: String
        let command: String
    }

    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Matrix"

    private func rows() throws -> [Row] {
        let text = try String(contentsOfFile: "\(MatrixTests.folder)/rows.txt", encoding: .utf8)
        return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: "|", maxSplits: 3)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(parts.count == 4, "\(line)")
            return Row(subject: parts[0], way: parts[1], tool: parts[2], command: parts[3])
        }
    }

    @Test(.timeLimit(.minutes(10 * Child.slowness)))
    func `what we write the other tools read, and the other way round`() async throws {
        let folder = try TemporaryFolder()
        let setup = try String(contentsOfFile: "\(MatrixTests.folder)/setup.sh", encoding: .utf8)
        let made = try await Command.run("bash", ["-c", setup], folder: folder.path)
        try #require(made.status == 0, "\(made.errors)")
        let rows = try rows()
        #expect(rows.count >= 120)
        #expect(Set(rows.map(\.way)) == ["in", "out"])
        var table: [String] = []
        var passed = 0
        for row in rows {
            let result = try await Command.run(
                "bash",
                ["-o", "pipefail", "-c", row.command],
                folder: folder.path
            )
            #expect(result.status == 0, "\(row.command)\n\(result.output)\n\(result.errors)")
            if result.status == 0 { passed += 1 }
            let arrow = row.way == "out" ? "keyctl -> \(row.tool)" : "\(row.tool) -> keyctl"
            table.append("\(result.status == 0 ? "ok  " : "FAIL") \(row.subject) | \(arrow)")
        }
        print(table.joined(separator: "\n"))
        print("matrix: \(passed) of \(rows.count) cases")
    }
}
