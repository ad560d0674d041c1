import Foundation
import TestSupport
import Testing

/// `scripts/plugin-misbehaviour`: each plugin that breaks the protocol costs one clear error.
struct PluginMisbehaviourTests {
    private static let script =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/scripts/plugin-misbehaviour"

    @Test(.timeLimit(.minutes(10)))
    func `every plugin that misbehaves costs one error and nothing else`() async throws {
        let folder = try TemporaryFolder()
        let result = try await Command.shell(
            "python3 \(PluginMisbehaviourTests.script) \"$(command -v keyctl)\"",
            folder: folder.path
        )
        #expect(result.status == 0, "\(result.output)\n\(result.errors)")
    }
}
