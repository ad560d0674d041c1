internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import FoundationEssentials

/// The command `keyctl token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make and check tokens: signed ones (JWT), and sealed ones (Fernet).",
        subcommands: [
            TokenSignCommand.self, TokenVerifyCommand.self, TokenKeyCommand.self,
            TokenSealCommand.self, TokenOpenCommand.self,
        ]
    )

    /// The largest message of a token, in bytes; base64 makes it a third longer.
    static let largestMessageByteCount = 1 << 20
    /// The largest token, in bytes.
    static let largestByteCount = 2 << 20

    /// The result, as `--json` prints it.
    private struct Document: Encodable {
        let version = 1
        let token: String
    }

    /// Prints a token, which is not secret, or its JSON form.
    static func write(_ token: String, json: Bool) throws {
        guard !json else { return try Report.json(Document(token: token)) }
        try write(Array(token.utf8).borrowedBytes)
    }

    /// Writes a result to standard output; on a terminal, a line end follows.
    ///
    /// Elsewhere no line end is added, because other tools would take it as a part of the token.
    static func write(_ bytes: RawSpan) throws {
        guard StandardOutput.isTerminal else { return try StandardOutput().write(bytes) }
        try TerminalOutput().write(bytes)
        Report.result("")
    }
}
