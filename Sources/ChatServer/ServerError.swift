public import Failures

/// A failure to start or run a server.
public typealias ServerError = Failure<ServerErrorCode>

/// What kind of failure of a server it is.
public enum ServerErrorCode: String, FailureCode {
    /// A newer version of the program wrote the chat's store.
    case newerStore = "newer-store"
    /// A server runs in the home already.
    case alreadyRunning = "already-running"
    /// The chat's store is damaged, or lost entries.
    case damagedStore = "damaged-store"
    /// The chat's store cannot be read.
    case unreadableStore = "unreadable-store"
    /// The chat's store cannot be written.
    case unwritableStore = "unwritable-store"
    /// Another program holds the chat's store.
    case lockedStore = "locked-store"
    /// The server did not sign the head of the log.
    case damagedHead = "damaged-head"
    /// The registry lost lines that members received.
    case registryCut = "registry-cut"
    /// More changes of one key arrived in a day than the server accepts.
    case tooManyStatements = "too-many-statements"
    /// The server's key cannot be opened or used.
    case serverKey = "server-key"
    /// The registry has fewer lines than the chat has seen.
    case registryShrank = "registry-shrank"
    /// The server cannot listen on its address.
    case cannotListen = "cannot-listen"
}

extension ServerError {
    static var newerStore: ServerError {
        ServerError(
            .newerStore,
            "the chat's store was written by a newer version of this program",
            hint: "run that version, or start with an empty store"
        )
    }

    static var alreadyRunning: ServerError {
        ServerError(
            .alreadyRunning,
            "a server runs in this home already",
            hint: "stop it first, or give this one another --home"
        )
    }

    private static var restoreHint: String {
        "stop the server, and restore the folder chat/ of its home from a backup"
    }

    static var damagedStore: ServerError {
        ServerError(
            .damagedStore,
            "the chat's store is damaged: an entry is missing, or was changed",
            hint: restoreHint
        )
    }

    static func foreignStore(_ path: String) -> ServerError {
        ServerError(
            .damagedStore,
            "the chat's store \(path) is damaged: it is not a database",
            hint: restoreHint
        )
    }

    static func unreadableStore(_ path: String, _ why: String) -> ServerError {
        ServerError(
            .unreadableStore,
            "the chat's store \(path) cannot be read: \(why)",
            hint: restoreHint
        )
    }

    static func unwritableStore(_ why: String) -> ServerError {
        ServerError(.unwritableStore, "it cannot be written: \(why); messages are refused")
    }

    static func lockedStore(_ path: String) -> ServerError {
        ServerError(
            .lockedStore,
            "another program holds the chat's store \(path)",
            hint: "end that program, and start the server again"
        )
    }

    /// The store ends before the last entry that the server signed.
    static func lostEntries(_ path: String, from seq: UInt64, to last: UInt64) -> ServerError {
        ServerError(
            .damagedStore,
            "the chat's store lost entries: its last entry is \(seq), but the server signed entry "
                + "\(last)",
            hint: "\(restoreHint); to continue without them, remove \(path): members who saw them "
                + "are told that the history is another one"
        )
    }

    static func otherHistory(_ path: String, at seq: UInt64) -> ServerError {
        ServerError(
            .damagedStore,
            "the chat's store has another entry \(seq) than the one that the server signed",
            hint: "\(restoreHint); to continue with the store as it is, remove \(path): members "
                + "who saw the other entries are told that the history is another one"
        )
    }

    static func damagedHead(_ path: String) -> ServerError {
        ServerError(
            .damagedHead,
            "\(path) was not signed by this server",
            hint: "restore it from a backup; if you trust the chat's store, remove it"
        )
    }

    static func registryCut(_ path: String) -> ServerError {
        ServerError(
            .registryCut,
            "\(path) was cut or removed, and lines that members received are missing; the last "
                + "good state counts",
            hint: "restore it from a backup"
        )
    }

    static var tooManyStatements: ServerError {
        ServerError(
            .tooManyStatements,
            "more changes of one key arrived today than the server accepts in a day",
            hint: "connect again tomorrow, or send the admin your public key (keyctl export NAME)"
        )
    }

    static var keyNotOpen: ServerError {
        ServerError(
            .serverKey,
            "the server's key was rotated after its passphrase was changed, and cannot be opened; "
                + "changes of the registry wait",
            hint: "restart the server with the new passphrase"
        )
    }

    static var keyNotUsable: ServerError {
        ServerError(
            .serverKey,
            "the registry holds a key of the server that is not the one in use here; changes of the "
                + "registry wait",
            hint: "look with: keyctl show server"
        )
    }

    static var registryShrank: ServerError {
        ServerError(
            .registryShrank,
            "the registry has fewer lines than the chat has seen",
            hint: "restore registry/ and chat/ of the server's home from the same backup"
        )
    }

    static func cannotListen(_ address: String, _ why: String) -> ServerError {
        ServerError(
            .cannotListen,
            "cannot listen on \(address): \(why)",
            hint: "another program may use this address: choose a port with --listen HOST:PORT"
        )
    }
}
