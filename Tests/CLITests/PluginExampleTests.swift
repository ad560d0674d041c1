import Foundation
import TestSupport
import Testing

/// `Examples/Plugins`: one plugin in three languages, which pass `keyctl plugin test`.
struct PluginExampleTests {
    private static let examples =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/Examples/Plugins"

    @Test(arguments: ["sh", "python", "swift"])
    func `passes every check and writes the same files`(language: String) async throws {
        let folder = try TemporaryFolder()
        let source =
            language == "swift"
            ? "\"$(dirname \"$(command -v keyctl)\")/HelloPlugin\""
            : "\(PluginExampleTests.examples)/\(language)/keyctl-plugin-hello"
        let result = try await Command.shell(
            """
            cp \(source) keyctl-plugin-hello && chmod 700 keyctl-plugin-hello && \
            keyctl plugin test ./keyctl-plugin-hello && \
            keyctl gen --user alice --bits 2048 --no-passphrase > /dev/null && \
            keyctl plugin trust ./keyctl-plugin-hello > /dev/null && \
            keyctl sync --only hello out > /dev/null && cat out/hello && \
            keyctl export alice --format hello-text -o text && \
            keyctl convert text --format hello-text --to pem -o pem && \
            keyctl export alice | cmp - pem && head -1 text
            """,
            folder: folder.path
        )
        #expect(result.status == 0, "\(result.output)\n\(result.errors)")
        #expect(!result.output.contains("FAILED"), "\(result.output)")
        #expect(result.output.contains("\nalice\n"))
        #expect(result.output.contains("hello-key alice\n"))
    }

    @Test(arguments: ["sh/keyctl-plugin-hello", "python/keyctl-plugin-hello", "swift/main.swift"])
    func `is short`(path: String) throws {
        let text = try String(
            contentsOfFile: "\(PluginExampleTests.examples)/\(path)",
            encoding: .utf8
        )
        #expect(text.split(separator: "\n").count < 120)
    }
}
