public import Failures
internal import KeyFormats

/// The error of a folder that cannot be updated from the registry.
public typealias KeySyncError = Failure<KeySyncErrorCode>

/// The kinds of failure of this target.
public enum KeySyncErrorCode: String, FailureCode {
    /// There is no such group.
    case unknownGroup = "unknown-group"
    /// The command cannot be carried out at the moment.
    case failed
}

extension KeySyncError {
    static func unknownGroup(_ group: KeyName) -> KeySyncError {
        KeySyncError(
            .unknownGroup,
            "there is no group \"\(group)\"",
            hint: "see all groups: keyctl group list"
        )
    }

    static func foreignFile(_ path: String) -> KeySyncError {
        KeySyncError(
            .failed,
            "\(path) exists already, and was not written by keyctl sync",
            hint: "move it away, or name another folder"
        )
    }

    static func otherHome(_ path: String, _ home: String) -> KeySyncError {
        KeySyncError(
            .failed,
            "\(path) shows the registry of another home: \(home)",
            hint: "name another folder; or, if this one is to change its owner, remove "
                + "\(path)/\(SyncManifest.name) and the files that keyctl wrote"
        )
    }

    static func link(_ path: String) -> KeySyncError {
        KeySyncError(
            .failed,
            "\(path) is a link, and keyctl sync writes and removes files only in real folders",
            hint: "remove the link, or name another folder"
        )
    }

    static func damagedManifest(_ path: String) -> KeySyncError {
        KeySyncError(
            .failed,
            "\(path) is damaged",
            hint: "remove it, and the files that keyctl sync wrote; then run it again"
        )
    }

    static func damagedList(_ path: String) -> KeySyncError {
        KeySyncError(
            .failed,
            "\(path) is damaged",
            hint: "remove it; then name each folder again: keyctl sync DIR --keep"
        )
    }

    static func tooManyKept(_ limit: Int) -> KeySyncError {
        KeySyncError(
            .failed,
            "\(limit) folders are kept already",
            hint: "remove one from the list: keyctl sync DIR --forget"
        )
    }
}
