public import Failures
internal import KeyFormats

/// The error for a recipient that must not be used, or a rewrap that is refused.
public typealias EncryptedFileError = Failure<EncryptedFileErrorCode>

/// The kinds of failure of this target.
public enum EncryptedFileErrorCode: String, FailureCode {
    /// The key was revoked.
    case revoked
    /// The key was retired.
    case retired
    /// The key has expired.
    case expired
    /// A file cannot be rewrapped with these options.
    case rewrapRefused = "rewrap-refused"
    /// There is no interrupted rewrap to resume.
    case noJournal = "no-journal"
    /// The journal of a rewrap is damaged.
    case journalDamaged = "journal-damaged"
    /// An earlier rewrap was interrupted and is not finished.
    case unfinishedRewrap = "unfinished-rewrap"
    /// The command cannot be carried out at the moment.
    case failed
}

// MARK: Recipients

extension EncryptedFileError {
    static func revoked(_ key: Fingerprint) -> EncryptedFileError {
        EncryptedFileError(
            .revoked,
            "the key \(key) was revoked, so nothing is encrypted for it",
            hint: "ask its owner for a new key"
        )
    }

    static func oldVersion(_ key: Fingerprint, of name: KeyName) -> EncryptedFileError {
        EncryptedFileError(
            .retired,
            "the key \(key) is an old version of \"\(name)\"",
            hint: "encrypt for the version in use: -r \(name)"
        )
    }

    static func expired(_ name: KeyName, at time: Timestamp) -> EncryptedFileError {
        EncryptedFileError(
            .expired,
            "the key of \"\(name)\" expired at \(time)",
            hint: "ask \(name) to rotate it (keyctl rotate) and import the statement"
        )
    }

    /// Returns the error for a name that has no version in use: its last version was retired or
    /// revoked.
    static func ended(_ name: KeyName, isRetired: Bool) -> EncryptedFileError {
        EncryptedFileError(
            isRetired ? .retired : .revoked,
            "the key of \"\(name)\" was \(isRetired ? "retired" : "revoked"), so nothing is "
                + "encrypted for it",
            hint: "ask \(name) for a new key"
        )
    }
}

// MARK: Rewrapping

extension EncryptedFileError {
    static var unknownRecipient: EncryptedFileError {
        EncryptedFileError(
            .rewrapRefused,
            "it is also encrypted for a key that is not known here, and a new file key "
                + "cannot be wrapped for it",
            hint: "name all recipients: --to NAME"
        )
    }

    static var passphraseFile: EncryptedFileError {
        EncryptedFileError(
            .rewrapRefused,
            "it is encrypted with a passphrase, and rewrap cannot keep a passphrase",
            hint: "name the recipients: --to NAME; or run keyctl decrypt, and then keyctl encrypt "
                + "-p"
        )
    }

    static var nobodyLeft: EncryptedFileError {
        EncryptedFileError(
            .rewrapRefused,
            "no recipient would be left who can open it",
            hint: "name at least one recipient: --to NAME"
        )
    }

    static var noJournal: EncryptedFileError {
        EncryptedFileError(.noJournal, "there is no rewrap to resume")
    }

    static func journalDamaged(_ path: String) -> EncryptedFileError {
        EncryptedFileError(
            .journalDamaged,
            "the journal \(path) is damaged",
            hint: "remove it and run the rewrap again: files that are done are left alone"
        )
    }

    static func unfinishedRewrap(_ journal: String) -> EncryptedFileError {
        EncryptedFileError(
            .unfinishedRewrap,
            "an earlier rewrap was interrupted",
            hint: "finish it first: keyctl rewrap --resume; or abandon it: rm '\(journal)'"
        )
    }

    static var anotherRewrap: EncryptedFileError {
        EncryptedFileError(
            .failed,
            "another rewrap is running",
            hint: "wait until it ends, and run the command again"
        )
    }
}
