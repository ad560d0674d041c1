import CryptoCore
import Failures
import KeyFormats
import TestSupport
import Testing

@testable import ChatProtocol

/// Every state of a login with every event.
struct LoginTests {
    enum State: CaseIterable {
        case offline, awaitingRegistry, awaitingWelcome, admitted, finished
    }

    private let connection: Login.Connection
    private let rotated: PublicKey

    init() throws {
        let world = try ChatWorld.of("alice")
        let alice = try ChatPerson("alice", 0, world)
        connection = Login.Connection(
            keys: alice.keys,
            own: OwnIdentity(identity: alice.identity, statements: []),
            serverKey: world.serverKey
        )
        rotated = try PublicKey(TestKeys.all[4].publicKey)
    }

    private func login(in state: State) throws -> Login {
        var login = Login()
        switch state {
        case .offline: break
        case .awaitingRegistry: login.connect(connection)
        case .awaitingWelcome:
            login.connect(connection)
            login.readRegistry(serverKey: connection.serverKey)
        case .admitted:
            login.connect(connection)
            login.readRegistry(serverKey: connection.serverKey)
            try login.welcome()
        case .finished: login.finish()
        }
        return login
    }

    /// The state of a login, as far as one can see it.
    private func state(of login: Login) -> State {
        if login.isFinished { return .finished }
        if login.admitted != nil { return .admitted }
        if login.connection == nil { return .offline }
        var copy = login
        return (try? copy.welcome()) == nil ? .awaitingRegistry : .awaitingWelcome
    }

    @Test(arguments: State.allCases)
    func `each state is what it is`(_ start: State) throws {
        #expect(state(of: try login(in: start)) == start)
    }

    @Test(arguments: State.allCases)
    func `a connection begins the login anew, unless the session is over`(
        _ start: State
    ) throws {
        var login = try login(in: start)
        login.connect(connection)
        #expect(state(of: login) == (start == .finished ? .finished : .awaitingRegistry))
    }

    @Test(arguments: State.allCases)
    func `a connection that is lost leads back, unless the session is over`(
        _ start: State
    ) throws {
        var login = try login(in: start)
        login.disconnect()
        #expect(state(of: login) == (start == .finished ? .finished : .offline))
    }

    @Test(arguments: State.allCases)
    func `the registry comes before the welcome, and later changes the server's key alone`(
        _ start: State
    ) throws {
        var login = try login(in: start)
        login.readRegistry(serverKey: rotated)
        #expect(state(of: login) == (start == .awaitingRegistry ? .awaitingWelcome : start))
        #expect(login.connection.map { $0.serverKey == rotated } ?? true)
    }

    @Test(arguments: State.allCases)
    func `a welcome is taken once, after the registry`(_ start: State) throws {
        var login = try login(in: start)
        guard start != .awaitingWelcome else {
            try login.welcome()
            #expect(state(of: login) == .admitted)
            return
        }
        #expect(throws: ChatError.self) { try login.welcome() }
        #expect(state(of: login) == start)
    }

    @Test(arguments: State.allCases)
    func `what only an admitted session gets is refused before`(_ start: State) throws {
        let login = try login(in: start)
        guard start != .admitted else { return try login.requireAdmission() }
        let error = #expect(throws: ChatError.self) { try login.requireAdmission() }
        #expect(error?.code == .protocolViolation)
    }

    @Test(arguments: State.allCases)
    func `an end is for good`(_ start: State) throws {
        var login = try login(in: start)
        login.finish()
        login.connect(connection)
        #expect(state(of: login) == .finished)
    }
}
