internal import CryptoCore
internal import SecretShares

/// A backup that cannot be made or brought back.
struct BackupError: ReportableError {
    let message: String
    let hint: String?
    let codeName: String

    static func longName(_ name: String) -> BackupError {
        BackupError(
            message: "the path \(name) is too long for a backup",
            hint: "move that file out of the home",
            codeName: "backup-name"
        )
    }

    static let damaged = BackupError(
        message: "this is not a complete keyctl backup",
        hint: "nothing was restored; see what the file is: keyctl inspect FILE",
        codeName: "backup-damaged"
    )

    static func notEmpty(_ path: String) -> BackupError {
        BackupError(
            message: "there are keys in \(path) already, and a restore never replaces keys",
            hint: "restore to another home: --home NEW; or move this home away first",
            codeName: "home-not-empty"
        )
    }

    static let hasRecovery = BackupError(
        message: "a recovery key is set up already, and its sheets would open no later backup",
        hint: "use it: keyctl backup FILE; for a new key and new sheets: --new-recovery",
        codeName: "has-recovery-key"
    )

    static func nothing(_ path: String) -> BackupError {
        BackupError(
            message: "there is no identity in \(path), so there is nothing to back up",
            hint: "name the right home: --home, or $KEYCTL_HOME",
            codeName: "nothing-to-back-up"
        )
    }

    static func sheet(_ path: String, _ error: SharesError) -> BackupError {
        BackupError(
            message: "\(path): \(error.message)",
            hint: error.hint,
            codeName: error.codeName
        )
    }

    static let needsShares = BackupError(
        message: "this backup is sealed to a recovery key, not to a passphrase",
        hint: "give its sheets: --share share-1.txt --share share-2.txt",
        codeName: "needs-shares"
    )

    static let wrongPassphrase = BackupError(
        message: "the passphrase does not open this backup, or the backup is damaged",
        hint: "nothing was restored; use the passphrase that the backup was made with",
        codeName: "wrong-passphrase"
    )

    static let wrongShares = BackupError(
        message: "these shares belong to another recovery key, not to the one of this backup",
        hint: "nothing was restored; each sheet says which key it belongs to",
        codeName: "wrong-shares"
    )

    static func differs(_ what: String) -> BackupError {
        BackupError(
            message: "the backup does not match its own list: \(what)",
            hint: "nothing was restored",
            codeName: "backup-damaged"
        )
    }
}
