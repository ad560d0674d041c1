internal import KeyFormats
internal import Registry

/// How far the login has come on the present connection.
///
/// ```
/// offline ──▶ awaitingRegistry ──▶ awaitingWelcome ──▶ admitted
///    ▲               │                    │                │
///    └───────────────┴────── disconnected ┴────────────────┘      any state ──▶ finished
/// ```
struct Login {
    /// What belongs to one connection.
    struct Connection {
        /// The keys of one's own session.
        let keys: SessionKeys
        /// Oneself, as the keystore had it when the connection was made.
        let own: OwnIdentity
        /// The server's key; a rotation that the registry tells of replaces it.
        var serverKey: PublicKey
    }

    private enum State {
        /// There is no connection.
        case offline
        /// Hello was sent; the server's registry comes first.
        case awaitingRegistry(Connection)
        /// The registry was read; the welcome follows.
        case awaitingWelcome(Connection)
        /// The server let this session in.
        case admitted(Connection)
        /// The session is over.
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

    /// The present connection, where the server let this session in.
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

    /// A connection stands; the login begins, unless the session is over.
    mutating func connect(_ connection: Connection) {
        switch state {
        case .offline, .awaitingRegistry, .awaitingWelcome, .admitted:
            state = .awaitingRegistry(connection)
        case .finished: return
        }
    }

    /// The connection is gone.
    mutating func disconnect() {
        switch state {
        case .offline, .awaitingRegistry, .awaitingWelcome, .admitted: state = .offline
        case .finished: return
        }
    }

    /// The server's registry was read up to a checkpoint; this is the server's key now.
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

    /// The server let this session in; throws `ChatError` where a welcome is out of turn.
    mutating func welcome() throws(ChatError) {
        switch state {
        case .awaitingWelcome(let connection): state = .admitted(connection)
        case .awaitingRegistry: throw ChatError.violation("its welcome cannot be read")
        case .offline, .admitted, .finished: throw ChatError.outOfTurn
        }
    }

    /// Throws `ChatError` where a frame came that only an admitted session gets.
    func requireAdmission() throws(ChatError) {
        switch state {
        case .admitted: return
        case .offline, .awaitingRegistry, .awaitingWelcome, .finished: throw ChatError.outOfTurn
        }
    }

    /// The session is over.
    mutating func finish() { state = .finished }
}
