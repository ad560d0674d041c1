public import Failures

/// The error of a backup that cannot be made or restored.
public typealias BackupError = Failure<BackupErrorCode>

/// The kinds of failure of this target.
public enum BackupErrorCode: String, FailureCode {
    /// A path is too long for the archive.
    case longName = "backup-name"
    /// The file is not a complete backup.
    case damaged = "backup-damaged"
    /// The home for the restore already has keys.
    case homeNotEmpty = "home-not-empty"
    /// The home already has a recovery key.
    case hasRecoveryKey = "has-recovery-key"
    /// There is no identity.
    case nothingToBackUp = "nothing-to-back-up"
    /// The backup opens with shares, not with a passphrase.
    case needsShares = "needs-shares"
    /// The passphrase does not open the backup.
    case wrongPassphrase = "wrong-passphrase"
    /// The shares do not open the backup.
    case wrongShares = "wrong-shares"
}

extension BackupError {
    static func longName(_ name: String) -> BackupError {
        BackupError(
            .longName,
            "the path \(name) is too long for a backup",
            hint: "move that file out of the home"
        )
    }

    static var damaged: BackupError {
        BackupError(
            .damaged,
            "this is not a complete keyctl backup",
            hint: "nothing was restored; see what the file is: keyctl inspect FILE"
        )
    }

    static func differs(_ what: String) -> BackupError {
        BackupError(
            .damaged,
            "the backup does not match its own list: \(what)",
            hint: "nothing was restored"
        )
    }

    static func notEmpty(_ path: String) -> BackupError {
        BackupError(
            .homeNotEmpty,
            "there are keys in \(path) already, and a restore never replaces keys",
            hint: "restore to another home: --home NEW; or move this home away first"
        )
    }

    /// The error for new sheets if the home already has a recovery key.
    public static var hasRecoveryKey: BackupError {
        BackupError(
            .hasRecoveryKey,
            "a recovery key is set up already, and its sheets would open no later backup",
            hint: "use it: keyctl backup FILE; for a new key and new sheets: --new-recovery"
        )
    }

    /// The error for a home without identities.
    public static func nothingToBackUp(_ path: String) -> BackupError {
        BackupError(
            .nothingToBackUp,
            "there is no identity in \(path), so there is nothing to back up",
            hint: "name the right home: --home, or $KEYCTL_HOME"
        )
    }

    /// The error for a backup that needs shares, if none are given.
    public static var needsShares: BackupError {
        BackupError(
            .needsShares,
            "this backup is sealed to a recovery key, not to a passphrase",
            hint: "give its sheets: --share share-1.txt --share share-2.txt"
        )
    }

    static var wrongPassphrase: BackupError {
        BackupError(
            .wrongPassphrase,
            "the passphrase does not open this backup, or the backup is damaged",
            hint: "nothing was restored; use the passphrase that the backup was made with"
        )
    }

    static var wrongShares: BackupError {
        BackupError(
            .wrongShares,
            "these shares belong to another recovery key, not to the one of this backup",
            hint: "nothing was restored; each sheet says which key it belongs to"
        )
    }
}
