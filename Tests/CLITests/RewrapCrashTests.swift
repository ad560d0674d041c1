import Foundation
import TestSupport
import Testing

/// `kill -9` in the middle of a rewrap of 200 files: each file opens, in its old or its new form.
struct RewrapCrashTests {
    private static let fileCount = 200
    private static let killCount = 10

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `a killed rewrap leaves every file whole, and is ended by --resume`() async throws {
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell(line, folder: folder.path)
        }
        func run(_ line: String) async throws {
            let result = try await shell(line)
            #expect(result.status == 0, "\(line)\n\(result.errors)")
        }
        try await run("keyctl gen --user alice --bits 2048 --no-passphrase")
        try await run("keyctl gen --user bob --bits 2048 --no-passphrase")
        try await run("keyctl export alice --private --plaintext --format openssh -o v1.key")
        try await run(
            "mkdir files; for n in $(seq \(RewrapCrashTests.fileCount)); do echo content $n | "
                + "keyctl encrypt -r alice -r bob -o files/$n.age; done"
        )
        try await run("keyctl rotate --user alice")
        try await run("keyctl export alice --private --plaintext --format openssh -o v2.key")
        var kills = 0
        var arguments = ["rewrap", "-r", "files", "--drop", "bob"]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<RewrapCrashTests.killCount {
            let child = try Child("keyctl", arguments, folder: folder.path)
            // The kill comes after a random line of output, wherever the command is by then.
            let line = Int.random(in: 1...16, using: &random)
            var seen = 0
            while seen < line, await child.line(with: "rewrapped:") != nil { seen += 1 }
            child.kill(SIGKILL)
            if await child.exit() != 0 { kills += 1 }
            arguments = ["rewrap", "--resume"]
            let whole = try await shell(
                "for n in $(seq \(RewrapCrashTests.fileCount)); do "
                    + "age -d -i v1.key -i v2.key files/$n.age 2>/dev/null "
                    + "| grep -qx \"content $n\" || { echo broken $n; exit 1; }; done"
            )
            try #require(whole.status == 0, "\(whole.output)")
            let leftovers = try await shell("ls -A files | grep -v '^[0-9]*\\.age$' || true")
            #expect(leftovers.output.filter { !$0.isWhitespace }.isEmpty, "\(leftovers.output)")
        }
        #expect(kills > 0)
        let doctor = try await shell("keyctl doctor")
        #expect(doctor.output.contains("unfinished-rewrap"))
        let refused = try await shell("keyctl rewrap files/1.age")
        #expect(refused.status == 1 && refused.errors.contains("--resume"))
        try await run("keyctl rewrap --resume")
        try await run(
            "for n in $(seq \(RewrapCrashTests.fileCount)); do "
                + "age -d -i v2.key files/$n.age | grep -qx \"content $n\" || exit 1; "
                + "keyctl decrypt --user bob files/$n.age 2>/dev/null && exit 1; done; true"
        )
        try await run("keyctl doctor")
        print("rewrap: \(kills) kills, every file of \(RewrapCrashTests.fileCount) whole each time")
    }
}
