public import Failures

/// A failure in how a command was called, or of the terminal it runs on.
public typealias CommandError = Failure<CommandErrorCode>

/// The kinds of failure of a command.
public enum CommandErrorCode: String, FailureCode {
    /// A passphrase is needed, and there is no way to ask for it.
    case noPassphrase = "no-passphrase"
    /// The passphrase cannot be used.
    case badPassphrase = "bad-passphrase"
    /// The passphrase is not the one that the key was sealed with.
    case wrongPassphrase = "wrong-passphrase"
    /// Options contradict each other, or one cannot be read.
    case usage = "usage"
    /// The command cannot be carried out at the moment.
    case failed = "failed"
    /// Files that the command must look at cannot be read.
    case unreadable = "unreadable"
    /// Two people hold different keys.
    case numbersDiffer = "numbers-differ"
    /// The audit log was rewritten or shortened.
    case auditRewritten = "audit-rewritten"

    /// Whether the error says that something did not verify.
    public var isVerificationFailure: Bool {
        switch self {
        case .numbersDiffer, .auditRewritten: true
        case .noPassphrase, .badPassphrase, .wrongPassphrase, .usage, .failed, .unreadable: false
        }
    }
}

extension CommandError {
    static func noPassphrase(allowsNone: Bool) -> CommandError {
        CommandError(
            .noPassphrase,
            "a passphrase is needed, and there is no terminal to ask for it",
            hint: "give it with --passphrase-file, --passphrase-fd, --passphrase-env or "
                + "--passphrase-command"
                + (allowsNone ? "; for a key without a passphrase: --no-passphrase" : "")
        )
    }

    static var interrupted: CommandError {
        CommandError(
            .noPassphrase,
            "the passphrase prompt was interrupted",
            hint: "nothing was changed"
        )
    }

    static func wrongFirstLine(_ message: String) -> CommandError {
        CommandError(
            .wrongPassphrase,
            message,
            hint:
                "nothing was changed; the source of the passphrase has several lines, and only the "
                + "first line is used: put the passphrase there"
        )
    }

    static var passphraseTooLong: CommandError {
        CommandError(
            .badPassphrase,
            "the passphrase is longer than 1024 bytes",
            hint: "choose a shorter one"
        )
    }

    static var passphrasesDiffer: CommandError {
        CommandError(
            .badPassphrase,
            "the two passphrases differ",
            hint: "nothing was changed; try again"
        )
    }

    static var emptyPassphrase: CommandError {
        CommandError(
            .badPassphrase,
            "the passphrase is empty",
            hint: "for a key without a passphrase: --no-passphrase"
        )
    }

    static func passphraseSource(_ what: String, hint: String? = nil) -> CommandError {
        CommandError(.badPassphrase, what, hint: hint)
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
