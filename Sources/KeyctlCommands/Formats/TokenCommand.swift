internal import ArgumentParser
internal import CommandSupport
internal import CryptoCore
internal import DurableFiles
internal import FoundationEssentials

/// `keyctl token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make and check tokens: signed ones (JWT), and sealed ones (Fernet).",
        subcommands: [
            TokenSignCommand.self, TokenVerifyCommand.self, TokenKeyCommand.self,
            TokenSealCommand.self, TokenOpenCommand.self,
        ]
    )

    /// Largest message of a token; base64 makes it a third longer.
    static let largestMessageByteCount = 1 << 20
    /// Largest token.
    static let largestByteCount = 2 << 20

    private struct Document: Encodable {
        let version = 1
        let token: String
    }

    /// Writes a token, which is not secret.
    static func write(_ token: String, json: Bool) throws {
        guard !json else { return try Report.json(Document(token: token)) }
        try write(Array(token.utf8).borrowedBytes)
    }

    /// Writes a result as it is, as other tools take a line end as a part of it; a person gets one.
    static func write(_ bytes: RawSpan) throws {
        guard StandardOutput.isTerminal else { return try StandardOutput().write(bytes) }
        try TerminalOutput().write(bytes)
        Report.result("")
    }
}
