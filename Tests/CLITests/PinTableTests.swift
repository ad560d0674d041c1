import Foundation
import TestSupport
import Testing

/// A pin on version 1 after seven rotations elsewhere.
///
/// One import moves it to version 8; every change of the chain is refused or freezes the name.
struct PinTableTests {
    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a pin follows the whole chain, and nothing else`() async throws {
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell(line, folder: folder.path)
        }
        func run(_ line: String) async throws {
            let result = try await shell(line)
            #expect(result.status == 0, "\(line)\n\(result.errors)")
        }
        try await run(
            "keyctl gen --user alice --bits 2048 --no-passphrase && cp home/alice.pub v1.pub"
        )
        // A thief of version 3 continues from there.
        try await run("keyctl rotate --out r2 && keyctl rotate --out r3 && cp -a home thief")
        for version in 4...8 { try await run("keyctl rotate --out r\(version)") }
        try await run("keyctl rotate --home thief --out stolen")
        try await run("keyctl gen --home mallory --user alice --bits 2048 --no-passphrase")
        try await run("keyctl rotate --home mallory --out mallorys")
        try await run("sed 4d r8 > removed")
        try await run("sed '4{h;d};5{G}' r8 > reordered")
        // The same statement, with another key's signature in place of the old key's.
        try await run(
            "S=$(sed -n '2s/.* old-signature=\\([^ ]*\\).*/\\1/p' mallorys); "
                + "sed \"5s|old-signature=[^ ]*|old-signature=$S|\" r8 > re-signed"
        )

        struct Case {
            let file: String
            let first: String?
            let status: Int32
            let says: String
            let version: Int
            let state: String
        }
        let cases = [
            Case(file: "r8", first: nil, status: 0, says: "version 8", version: 8, state: "active"),
            Case(
                file: "removed",
                first: nil,
                status: 1,
                says: "the step to version 5 does not follow",
                version: 1,
                state: "active"
            ),
            Case(
                file: "reordered",
                first: nil,
                status: 1,
                says: "the step to version 5 does not follow",
                version: 1,
                state: "active"
            ),
            Case(
                file: "re-signed",
                first: nil,
                status: 1,
                says: "the step to version 5 is not signed by both keys",
                version: 1,
                state: "active"
            ),
            Case(
                file: "mallorys",
                first: nil,
                status: 1,
                says: "none of the keys",
                version: 1,
                state: "active"
            ),
            Case(
                file: "stolen",
                first: "r8",
                status: 1,
                says: "two different successors of one key exist",
                version: 8,
                state: "frozen"
            ),
        ]
        for (index, item) in cases.enumerated() {
            let home = "pin\(index)"
            try await run("keyctl import v1.pub --user alice --home \(home)")
            if let first = item.first { try await run("keyctl import \(first) --home \(home)") }
            let result = try await shell("keyctl import \(item.file) --home \(home)")
            let answer = result.status == 0 ? result.output : result.errors
            let shown = try await shell("keyctl show alice --json --home \(home)").output
            print(
                "| \(item.file) | exit \(result.status) | \(item.state), version \(item.version) "
                    + "| \(answer.split(separator: "\n").first ?? "") |"
            )
            #expect(result.status == item.status, "\(item.file): \(answer)")
            #expect(answer.contains(item.says), "\(item.file): \(answer)")
            #expect(shown.contains("\"state\":\"\(item.state)\""), "\(shown)")
            #expect(shown.contains("\"version\":\(item.version)}") || item.version < 8, "\(shown)")
            #expect(!shown.contains("\"version\":\(item.version + 1),"), "\(shown)")
        }
    }
}
