public import CryptoCore

/// A misuse of a command, or a failure of its terminal.
///
/// Only the factories below make one.
public struct CommandError: ReportableError {
    /// The kind of failure.
    public enum Code: String, Sendable {
        /// A passphrase is needed, and the program cannot ask for it.
        case noPassphrase = "no-passphrase"
        /// The passphrase cannot be used.
        case badPassphrase = "bad-passphrase"
        /// The passphrase does not open the key.
        case wrongPassphrase = "wrong-passphrase"
        /// Options contradict each other, or one cannot be read.
        case usage = "usage"
        /// The command cannot do what was asked.
        case failed = "failed"
    }

    /// The kind of failure.
    public let code: Code
    /// What went wrong, as the programs print it.
    public let message: String
    /// What the user can do; `nil` if there is nothing to do.
    public let hint: String?
    /// The stable name of the code, for programs.
    public var codeName: String { code.rawValue }

    private init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    static func noPassphrase(allowsNone: Bool) -> CommandError {
        CommandError(
            .noPassphrase,
            "a passphrase is needed, and there is no terminal to ask for it",
            hint: "give it with --passphrase-file, --passphrase-fd, --passphrase-env or "
                + "--passphrase-command"
                + (allowsNone ? "; for a key without a passphrase: --no-passphrase" : "")
        )
    }

    static let interrupted = CommandError(
        .noPassphrase,
        "the passphrase prompt was interrupted",
        hint: "nothing was changed"
    )

    static func wrongFirstLine(_ message: String) -> CommandError {
        CommandError(
            .wrongPassphrase,
            message,
            hint:
                "nothing was changed; the source of the passphrase has several lines, and only the "
                + "first line is used: put the passphrase there"
        )
    }

    static let passphraseTooLong = CommandError(
        .badPassphrase,
        "the passphrase is longer than 1024 bytes",
        hint: "choose a shorter one"
    )

    static let passphrasesDiffer = CommandError(
        .badPassphrase,
        "the two passphrases differ",
        hint: "nothing was changed; try again"
    )

    static let emptyPassphrase = CommandError(
        .badPassphrase,
        "the passphrase is empty",
        hint: "for a key without a passphrase: --no-passphrase"
    )

    static func passphraseSource(_ what: String) -> CommandError {
        CommandError(.badPassphrase, what)
    }

    /// Makes the error for a command that cannot do what was asked.
    public static func failed(_ message: String, hint: String? = nil) -> CommandError {
        CommandError(.failed, message, hint: hint)
    }

    /// Makes the error for a misuse that the argument parser cannot find.
    public static func usage(_ message: String, hint: String? = nil) -> CommandError {
        CommandError(.usage, message, hint: hint)
    }
}
