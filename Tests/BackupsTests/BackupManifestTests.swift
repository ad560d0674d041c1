import Backups
import DurableFiles
import Testing

/// The first entry of a backup.
struct BackupManifestTests {
    private let heading = "keyctl-backup v1\nmade 2026-11-21T12:00:00Z\n"

    @Test func `what is written reads back`() throws {
        let text = heading + "identity alice 0a 3 SHA256:x\nidentity bob 0b 1 SHA256:y\n"
        let manifest = try BackupManifest(Array(text.utf8))
        #expect(manifest.identities.map(\.name) == ["alice", "bob"])
        #expect(manifest.identities[0].version == 3)
        #expect(manifest.encoded == Array(text.utf8))
    }

    @Test(arguments: [
        "identity alice 0a 3\n", "identity alice 0a x SHA256:x\n", "person alice 0a 3 f\n",
        "identity alice 0a 3 f", "\n\n",
    ])
    func `a damaged manifest is refused`(lines: String) {
        #expect(throws: BackupError.self) { _ = try BackupManifest(Array((heading + lines).utf8)) }
    }

    @Test func `a manifest of a newer version says so`() {
        let text = heading.replacing("v1", with: "v2")
        #expect(throws: FileError.self) { _ = try BackupManifest(Array(text.utf8)) }
    }
}
