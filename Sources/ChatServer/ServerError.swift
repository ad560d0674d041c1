public import Failures

/// A failure to start or run a server.
///
/// Only the factories below make one.
public struct ServerError: ReportableError {
    /// What went wrong, as the programs print it.
    public let message: String
    /// What the user can do; `nil` if there is nothing to do.
    public let hint: String?
    /// The stable name of the error, for programs.
    public let codeName: String

    private init(_ codeName: String, _ message: String, hint: String? = nil) {
        self.codeName = codeName
        self.message = message
        self.hint = hint
    }

    static let newerStore = ServerError(
        "newer-store",
        "the chat's store was written by a newer version of this program",
        hint: "run that version, or start with an empty store"
    )

    static let alreadyRunning = ServerError(
        "already-running",
        "a server runs in this home already",
        hint: "stop it first, or give this one another --home"
    )

    private static let restoreHint =
        "stop the server, and restore the folder chat/ of its home from a backup"

    static let damagedStore = ServerError(
        "damaged-store",
        "the chat's store is damaged: an entry is missing, or was changed",
        hint: restoreHint
    )

    static func foreignStore(_ path: String) -> ServerError {
        ServerError(
            "damaged-store",
            "the chat's store \(path) is damaged: it is not a database",
            hint: restoreHint
        )
    }

    static func unreadableStore(_ path: String, _ why: String) -> ServerError {
        ServerError(
            "unreadable-store",
            "the chat's store \(path) cannot be read: \(why)",
            hint: restoreHint
        )
    }

    static func unwritableStore(_ why: String) -> ServerError {
        ServerError("unwritable-store", "it cannot be written: \(why); messages are refused")
    }

    static func lockedStore(_ path: String) -> ServerError {
        ServerError(
            "locked-store",
            "another program holds the chat's store \(path)",
            hint: "end that program, and start the server again"
        )
    }

    /// The store ends before the last entry that the server signed.
    static func lostEntries(_ path: String, from seq: UInt64, to last: UInt64) -> ServerError {
        ServerError(
            "damaged-store",
            "the chat's store lost entries: its last entry is \(seq), but the server signed entry "
                + "\(last)",
            hint: "\(restoreHint); to continue without them, remove \(path): members who saw them "
                + "are told that the history is another one"
        )
    }

    static func otherHistory(_ path: String, at seq: UInt64) -> ServerError {
        ServerError(
            "damaged-store",
            "the chat's store has another entry \(seq) than the one that the server signed",
            hint: "\(restoreHint); to continue with the store as it is, remove \(path): members "
                + "who saw the other entries are told that the history is another one"
        )
    }

    static func damagedHead(_ path: String) -> ServerError {
        ServerError(
            "damaged-head",
            "\(path) was not signed by this server",
            hint: "restore it from a backup; if you trust the chat's store, remove it"
        )
    }

    static func registryCut(_ path: String) -> ServerError {
        ServerError(
            "registry-cut",
            "\(path) was cut or removed, and lines that members received are missing; the last "
                + "good state counts",
            hint: "restore it from a backup"
        )
    }

    static let tooManyStatements = ServerError(
        "too-many-statements",
        "more changes of one key arrived today than the server accepts in a day",
        hint: "connect again tomorrow, or send the admin your public key (keyctl export NAME)"
    )

    static let keyNotOpen = ServerError(
        "server-key",
        "the server's key was rotated after its passphrase was changed, and cannot be opened; "
            + "changes of the registry wait",
        hint: "restart the server with the new passphrase"
    )

    static let keyNotUsable = ServerError(
        "server-key",
        "the registry holds a key of the server that is not the one in use here; changes of the "
            + "registry wait",
        hint: "look with: keyctl show server"
    )

    static let registryShrank = ServerError(
        "registry-shrank",
        "the registry has fewer lines than the chat has seen",
        hint: "restore registry/ and chat/ of the server's home from the same backup"
    )

    static func cannotListen(_ address: String, _ why: String) -> ServerError {
        ServerError(
            "cannot-listen",
            "cannot listen on \(address): \(why)",
            hint: "another program may use this address: choose a port with --listen HOST:PORT"
        )
    }
}
