import Foundation
import TestSupport
import Testing

/// Plugins of age that ask a user on a real terminal.
@Suite(.serialized)
struct PluginTerminalTests {
    /// A folder with a file for a plugin that begins by asking for a PIN.
    private func prepare() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let page = "\(ScriptTests.folder)/age-plugin-test.py"
        let result = try await Command.shell(
            """
            mkdir bin && install -m 755 '\(page)' bin/age-plugin-test && printf 'hello\\n' > plain
            PATH="$PWD/bin:$PATH" keyctl encrypt -r age1test1qy9w83c3 -o one.age plain
            """,
            folder: folder.path
        )
        try #require(result.status == 0, "\(result.errors)")
        return folder
    }

    private func start(_ folder: TemporaryFolder) async throws -> TerminalScreen {
        let screen = try await TerminalScreen(
            """
            PATH="$PWD/bin:$PATH" MODE=pin SAID="$PWD/said" keyctl decrypt -j test -o out one.age
            """,
            folder: folder,
            columns: 80
        )
        try await screen.shows("answer for age-plugin-test:")
        return screen
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `a PIN reaches the plugin and no screen`() async throws {
        let folder = try await prepare()
        let screen = try await start(folder)
        // The plugin pads its text as if it were a prompt of keyctl on a row of its own.
        let shown = try await screen.screen().split(separator: "\n")
        #expect(shown.first == "age-plugin-test says: PIN Passphrase for alice:")
        try await screen.type("tricky 123")
        try await screen.press("Enter")
        #expect(try await screen.shows("status 0").contains("tricky") == false)
        let said = try String(contentsOfFile: folder.file("said"), encoding: .utf8)
        #expect(said == "tricky 123\n")
    }

    @Test(.timeLimit(.minutes(3 * Child.slowness)))
    func `Ctrl-C at the question of a plugin ends the command and the plugin`() async throws {
        let folder = try await prepare()
        let screen = try await start(folder)
        try await screen.press("C-c")
        try await screen.shows("the passphrase prompt was interrupted")
        try await screen.shows("status 1")
        let left = try await Command.shell(
            "pgrep -f \"$PWD/bin/[a]ge-plugin-test\"; test ! -e out",
            folder: folder.path
        )
        #expect(left.output.isEmpty)
        #expect(left.status == 0)
    }
}
