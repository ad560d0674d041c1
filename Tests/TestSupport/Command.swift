import Foundation

/// The result of a command that ran to its end.
public struct Command: Sendable {
    /// Its exit status.
    public let status: Int32
    /// Its standard output.
    public let output: String
    /// Its standard error.
    public let errors: String

    /// Runs a program with `input` and waits for its end.
    public static func run(
        _ program: String,
        _ arguments: [String],
        folder: String,
        environment: [String: String] = [:],
        input: String = ""
    ) async throws -> Command {
        let child = try Child(program, arguments, folder: folder, environment: environment)
        if !input.isEmpty { child.sendBytes(Array(input.utf8)) }
        child.endInput()
        let status = await child.exit()
        return Command(
            status: status,
            output: await child.allLines().joined(separator: "\n"),
            errors: await child.allErrors()
        )
    }

    /// Runs a line of shell without a terminal.
    public static func shell(_ line: String, folder: String) async throws -> Command {
        try await run("sh", ["-c", line], folder: folder)
    }
}
