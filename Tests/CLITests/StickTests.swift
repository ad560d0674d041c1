import Foundation
import TestSupport
import Testing

/// Outputs on a file system without links and permissions, for example a USB stick with exFAT.
///
/// `KEYCTL_TEST_EXFAT` names a folder on such a file system that other users can read. Without it,
/// these tests are skipped, and say so.
struct StickTests {
    private static let stick = ProcessInfo.processInfo.environment["KEYCTL_TEST_EXFAT"]

    @Test(.enabled(if: stick != nil, "KEYCTL_TEST_EXFAT is not set"))
    func `outputs on a stick are whole, and what others can read is told`() async throws {
        let stick = "\(StickTests.stick ?? "")/keyctl-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: stick) }
        let folder = try TemporaryFolder()
        func shell(_ line: String) async throws -> Command {
            try await Command.shell("S='\(stick)'; \(line)", folder: folder.path)
        }
        try folder.write("t.txt", "text\n")
        try folder.write("pw", "correct horse\n")
        let setUp = try await shell(
            """
            mkdir "$S" && keyctl gen --user alice --bits 2048 --no-passphrase \
                && keyctl gen --user bob --bits 2048 --no-passphrase
            """
        )
        try #require(setUp.status == 0, "\(setUp.errors)")
        let secret = [
            "revoke alice --prepare --out $S/r.txt",
            "backup $S/keys.backup --passphrase-file pw",
            "backup $S/keys.backup --passphrase-file pw --force",
            "encrypt -r alice t.txt -o $S/t.age",
            "decrypt $S/t.age -o $S/t.txt",
            "export alice --private --passphrase-file pw --out $S/alice.pem",
            "export alice --private --plaintext --out $S/plain.pem",
        ]
        for command in secret {
            let result = try await shell("keyctl \(command)")
            #expect(result.status == 0, "\(command): \(result.errors)")
            #expect(result.errors.contains("others can read /"), "\(command): \(result.errors)")
        }
        for command in [
            "export alice --out $S/alice.pub", "revoke bob --out $S/bob.txt",
            "sign -n file --user alice t.txt -o $S/t.sig",
        ] {
            let result = try await shell("keyctl \(command)")
            #expect(result.status == 0, "\(command): \(result.errors)")
            #expect(!result.errors.contains("others can read"), "\(command): \(result.errors)")
        }
        let kept = try await shell(
            "keyctl decrypt $S/t.age && ! keyctl export alice --out $S/alice.pub"
        )
        #expect(kept.status == 0 && kept.output.contains("text"), "\(kept.errors)")
        // A home there would show every key to other users.
        for command in [
            "restore $S/keys.backup --home $S/home --passphrase-file pw",
            "gen --home $S/home --user carl --bits 2048 --no-passphrase",
            "backup $S/b2 --shares 2/3 --sheets $S/sheets",
        ] {
            let result = try await shell("keyctl \(command)")
            #expect(result.status == 1, "\(command): \(result.output)")
        }
        let left = try await shell(
            "rm -rf $S/home/lock; find $S -name '*draft*' -o -name 'sealed*' -o -name 'share*.txt'"
        )
        #expect(left.output.isEmpty, "\(left.output)")
    }
}
