internal import KeyFormats
internal import Registry

/// The state of the login on the present connection; the `Session` owns it.
///
/// ```
/// offline ──▶ awaitingRegistry ──▶ awaitingWelcome ──▶ admitted
///    ▲               │                    │                │
///    └───────────────┴────── disconnected ┴────────────────┘      any state ──▶ finished
/// ```
struct Login {
    /// The keys and identities of one connection.
    struct Connection {
        /// The keys of the client's own session.
        let keys: SessionKeys
        /// The user's identity, as the keystore had it when the connection was made.
        let own: OwnIdentity
        /// The server's key; a rotation in the server's registry replaces it.
        var serverKey: PublicKey
    }

    private enum State {
        /// There is no connection.
        case offline
        /// The Hello was sent; the client waits for the server's registry.
        case awaitingRegistry(Connection)
        /// The registry was read; the client waits for the welcome.
        case awaitingWelcome(Connection)
        /// The server admitted this session.
        case admitted(Connection)
        /// Ends the session.
        case finished
    }

    private var state = State.offline

    /// The present connection, admitted or not.
    var connection: Connection? {
        switch state {
        case .offline, .finished: nil
        case .awaitingRegistry(let connection), .awaitingWelcome(let connection),
            .admitted(let connection):
            connection
        }
    }

    /// The present connection if the server admitted this session; otherwise `nil`.
    var admitted: Connection? {
        switch state {
        case .admitted(let connection): connection
        case .offline, .awaitingRegistry, .awaitingWelcome, .finished: nil
        }
    }

    /// Whether the session is over.
    var isFinished: Bool {
        switch state {
        case .finished: true
        case .offline, .awaitingRegistry, .awaitingWelcome, .admitted: false
        }
    }

    /// Begins the login on a new connection; does nothing if the session is over.
    mutating func connect(_ connection: Connection) {
        switch state {
        case .offline, .awaitingRegistry, .awaitingWelcome, .admitted:
            state = .awaitingRegistry(connection)
        case .finished: return
        }
    }

    /// Returns to `offline` after the connection was lost.
    mutating func disconnect() {
        switch state {
        case .offline, .awaitingRegistry, .awaitingWelcome, .admitted: state = .offline
        case .finished: return
        }
    }

    /// Notes that the registry was read up to a checkpoint, and the server's present key.
    mutating func readRegistry(serverKey: PublicKey) {
        switch state {
        case .awaitingRegistry(var connection), .awaitingWelcome(var connection):
            connection.serverKey = serverKey
            state = .awaitingWelcome(connection)
        case .admitted(var connection):
            connection.serverKey = serverKey
            state = .admitted(connection)
        case .offline, .finished: return
        }
    }

    /// Notes that the server admitted this session; throws `ChatError` if no welcome was expected.
    mutating func welcome() throws(ChatError) {
        switch state {
        case .awaitingWelcome(let connection): state = .admitted(connection)
        case .awaitingRegistry: throw ChatError.violation("its welcome cannot be read")
        case .offline, .admitted, .finished: throw ChatError.outOfTurn
        }
    }

    /// Throws `ChatError` unless the server admitted this session.
    func requireAdmission() throws(ChatError) {
        switch state {
        case .admitted: return
        case .offline, .awaitingRegistry, .awaitingWelcome, .finished: throw ChatError.outOfTurn
        }
    }

    /// The session is over.
    mutating func finish() { state = .finished }
}
