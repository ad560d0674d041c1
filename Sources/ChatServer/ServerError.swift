public import CryptoCore

/// A failure to start or run a server.
public struct ServerError: ReportableError {
    /// What went wrong, as it is printed.
    public let message: String
    /// What to do next, where there is something to do.
    public let hint: String?
    /// A stable name for programs.
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

    static let damagedStore = ServerError(
        "damaged-store",
        "the chat's store is damaged: an entry is missing",
        hint: "restore the folder chat/ of the server's home from a backup"
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
            hint: "another program may be there: choose a port with --listen HOST:PORT"
        )
    }
}
