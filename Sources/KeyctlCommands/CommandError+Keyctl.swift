internal import CommandSupport
internal import Failures
internal import KeyFormats

/// Errors that only commands of `keyctl` report.
extension CommandError {
    static func wrongFilePassphrase(_ name: String) -> CommandError {
        CommandError(
            .wrongPassphrase,
            "the passphrase does not open \(name), or the file is damaged",
            hint: "nothing was changed; --passphrase-… is for the file, --new-passphrase-… for "
                + "the keystore"
        )
    }

    static var noCheckpoint: CommandError {
        CommandError(
            .failed,
            "no checkpoint is signed yet",
            hint: "its owner signs it: keyctl registry checkpoint"
        )
    }

    static func unreadable(_ count: Int) -> CommandError {
        CommandError(
            .unreadable,
            "\(count) files or folders could not be read; nothing was changed",
            hint: "correct or move them, and run the command again"
        )
    }

    static func numbersDiffer(_ name: KeyName) -> CommandError {
        CommandError(
            .numbersDiffer,
            "the numbers differ: you and \(name) do not hold the same two keys",
            hint: "do not trust the key: compare both keys in person with keyctl fingerprint"
        )
    }

    static var unknownAuditHead: CommandError {
        CommandError(
            .auditRewritten,
            "the head that you noted is not in the log: the log was cut or rewritten",
            hint: "compare with a backup: keyctl restore FILE --home NEW"
        )
    }
}
