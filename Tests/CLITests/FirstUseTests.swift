import Foundation
import TestSupport
import Testing

/// Several processes use a home for the first time at the same moment.
struct FirstUseTests {
    // A sanitizer makes each process start slowly.
    private static let roundCount = Child.isSanitized ? 20 : 200

    @Test(.timeLimit(.minutes(10 * Child.slowness)))
    func `eight processes make one home at once, 200 times`() async throws {
        let folder = try TemporaryFolder()
        let setUp = try await Command.shell(
            """
            set -e
            for n in 1 2 3 4; do
                keyctl gen --home maker --user u$n --bits 2048 --no-passphrase
                keyctl export u$n --home maker --private --plaintext --out u$n.pem
                cp maker/u$n.pub p$n.pub
            done
            """,
            folder: folder.path
        )
        try #require(setUp.status == 0, "\(setUp.errors)")
        var failures: [String] = []
        for round in 1...FirstUseTests.roundCount {
            // Two make identities, two import keys, two only look, one changes something that does
            // not exist yet, and one asks for something that does not exist.
            let commands = [
                "import u1.pem --user u1 --no-passphrase",
                "import u2.pem --user u2 --no-passphrase",
                "import p3.pub --user p3", "import p4.pub --user p4", "list", "list --json",
                "import p3.pub --user p3", "show nobody",
            ]
            let results = try await withThrowingTaskGroup(of: (String, Command).self) { group in
                for command in commands {
                    group.addTask {
                        let result = try await Command.run(
                            "keyctl",
                            command.split(separator: " ").map(String.init),
                            folder: folder.path,
                            environment: ["KEYCTL_HOME": "\(folder.path)/home\(round)"]
                        )
                        return (command, result)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for (command, result) in results {
                let expected: Int32 = command == "show nobody" ? 1 : 0
                let isNobody =
                    !result.errors.contains("there is no file")
                    && !result.errors.contains("no file can be made")
                guard result.status == expected, isNobody else {
                    failures.append("round \(round): \(command): \(result.errors)")
                    continue
                }
            }
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        let count = FirstUseTests.roundCount
        let whole = try await Command.shell(
            """
            for n in $(seq \(count)); do
                keyctl doctor --home home$n > out 2>&1 || { cat out; exit 1; }
                test "$(keyctl list --home home$n | grep -c SHA256)" = 4 || exit 2
            done
            """,
            folder: folder.path
        )
        #expect(whole.status == 0, "\(whole.output)")
        print("homes made by eight processes at once: \(count - failures.count) of \(count)")
    }
}
