public import CryptoCore

/// A failure in how a command was called, or of the terminal it runs on.
public struct CommandError: ReportableError {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// A passphrase is needed, and there is no way to ask for it.
        case noPassphrase = "no-passphrase"
        /// The passphrase cannot be used.
        case badPassphrase = "bad-passphrase"
        /// The passphrase is not the one that the key was sealed with.
        case wrongPassphrase = "wrong-passphrase"
        /// Options contradict each other, or one cannot be read.
        case usage = "usage"
        /// What was asked for cannot be done as things are.
        case failed = "failed"
    }

    /// What kind of failure it is.
    public let code: Code
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?
    /// A stable name for programs.
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

    /// What cannot be done as things are.
    public static func failed(_ message: String, hint: String? = nil) -> CommandError {
        CommandError(.failed, message, hint: hint)
    }

    /// A misuse that the argument parser cannot see.
    public static func usage(_ message: String, hint: String? = nil) -> CommandError {
        CommandError(.usage, message, hint: hint)
    }
}
