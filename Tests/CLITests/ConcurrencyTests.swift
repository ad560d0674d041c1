import Foundation
import TestSupport
import Testing

/// Many processes change one home at once: nothing is lost, and the chains stay whole.
struct ConcurrencyTests {
    private static let processCount = 32
    private static let changeCount = 50

    @Test(.timeLimit(.minutes(5 * Child.slowness)))
    func `32 processes with 50 changes each lose none`() async throws {
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell(line, folder: folder.path)
        }
        let setUp = try await shell(
            "keyctl gen --user alice --bits 2048 --no-passphrase && keyctl registry checkpoint"
        )
        try #require(setUp.status == 0, "\(setUp.errors)")
        // Each change is a separate process: 1,600 processes, 32 at a time.
        try await withThrowingTaskGroup(of: Command.self) { group in
            for process in 0..<ConcurrencyTests.processCount {
                group.addTask {
                    try await Command.shell(
                        "for n in $(seq \(ConcurrencyTests.changeCount)); do "
                            + "keyctl group add p\(process)-$n alice > /dev/null || exit 1; done",
                        folder: folder.path
                    )
                }
            }
            for try await result in group { #expect(result.status == 0, "\(result.errors)") }
        }
        let total = ConcurrencyTests.processCount * ConcurrencyTests.changeCount
        let groups = try await shell("keyctl group list | wc -l")
        #expect(groups.output.trimmingCharacters(in: .whitespaces) == "\(total)")
        let verified = try await shell("keyctl registry verify && keyctl audit verify")
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(verified.output.contains("all \(total + 1) lines are right"), "\(verified.output)")
        print("changes of \(ConcurrencyTests.processCount) processes: \(total) of \(total)")

        // The same for changes of an identity itself: each waits for its turn, or is told to try
        // again.
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var done = 0
                    for _ in 0..<5 {
                        let result = try await Command.shell(
                            "keyctl renew --user alice --expires 1y",
                            folder: folder.path
                        )
                        #expect(result.status == 0 || result.errors.contains("changed"))
                        if result.status == 0 { done += 1 }
                    }
                    return done
                }
            }
            var done = 0
            for try await count in group { done += count }
            let lines = try await shell("grep -c ^renew home/registry/log")
            #expect(lines.output.trimmingCharacters(in: .whitespaces) == "\(done)")
            #expect(done > 0)
        }
        let doctor = try await shell("keyctl doctor")
        #expect(doctor.status == 0, "\(doctor.output)")
    }
}
