import ChatProtocol
import Failures
import SwiftProtobuf
import Testing

/// Every state of a session with every frame of a server.
struct SessionFrameTests {
    private enum State: CaseIterable {
        case offline, awaitingRegistry, awaitingWelcome, catchingUp, live, finished
    }

    private enum Outcome {
        /// Nothing happens.
        case ignored
        /// The session goes on.
        case taken
        /// The session is over, as the server breaks the protocol.
        case outOfTurn
        /// The session is over, for the server's reason.
        case ended
    }

    private var world: ChatWorld

    init() throws {
        world = try ChatWorld.of("alice")
        world.tell()
    }

    /// alice's session; `catchingUp` misses the one entry of the room.
    private func alice(in state: State) throws -> ChatPerson {
        var alice = try ChatPerson("alice", 0, world)
        switch state {
        case .offline: alice.session.disconnected()
        case .awaitingRegistry: break
        case .awaitingWelcome: _ = alice.receive(try world.update())
        case .catchingUp: try alice.logIn(world, at: world.beginning)
        case .live: try alice.logIn(world)
        case .finished: alice.session.stop()
        }
        return alice
    }

    private func outcome(_ state: State, _ frame: WireFrame) throws -> Outcome {
        var alice = try alice(in: state)
        let actions = alice.receive(frame)
        if let failure = actions.failure {
            return failure.code == .protocolViolation ? .outOfTurn : .ended
        }
        if actions.isEnd { return .ended }
        return state == .offline || state == .finished ? .ignored : .taken
    }

    private func expect(
        _ frame: WireFrame,
        _ expected: (State) -> Outcome,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for state in State.allCases {
            let wanted: Outcome =
                state == .offline || state == .finished ? .ignored : expected(state)
            let found = try outcome(state, frame)
            #expect(found == wanted, "\(state)", sourceLocation: location)
        }
    }

    @Test func `frames that only clients send end the session in every state`() throws {
        let frames: [WireFrame] = [
            WireFrame(), .with { $0.hello = .init() }, .with { $0.publish = .init() },
            .with { $0.historyRequest = .init() }, .with { $0.whoRequest = .init() },
            .with { $0.received = .init() }, .with { $0.shutdownRequest = .init() },
            .with { $0.reloadRequest = .init() },
        ]
        for frame in frames { try expect(frame) { _ in .outOfTurn } }
    }

    @Test func `answers and entries are out of turn before the welcome`() throws {
        let isAdmitted: (State) -> Outcome = {
            $0 == .catchingUp || $0 == .live ? .taken : .outOfTurn
        }
        try expect(.with { $0.accepted = .init() }, isAdmitted)
        try expect(.with { $0.rejected = .init() }, isAdmitted)
        try expect(.with { $0.history = .init() }, isAdmitted)
        try expect(.with { $0.who = .init() }, isAdmitted)
        try expect(.with { $0.reloaded = .init() }, isAdmitted)
    }

    @Test func `entries follow the place that was shown`() throws {
        let missed = world.missed
        try expect(missed) { state in
            switch state {
            case .catchingUp: .taken
            case .live: .ended  // a gap: these entries were before the login
            case .offline, .awaitingRegistry, .awaitingWelcome, .finished: .outOfTurn
            }
        }
    }

    @Test func `a welcome is in turn once, after the registry`() throws {
        try expect(world.welcome()) { $0 == .awaitingWelcome ? .taken : .outOfTurn }
    }

    @Test func `the registry, pings and pongs are in turn on every connection`() throws {
        try expect(try world.update()) { _ in .taken }
        try expect(.ping) { _ in .taken }
        try expect(.with { $0.pong = .init() }) { _ in .taken }
        try expect(.with { $0.bye.code = "restart" }) { _ in .taken }
    }

    @Test func `a refusal and a farewell end the session in every state`() throws {
        try expect(.with { $0.refusal.code = "revoked" }) { _ in .ended }
        try expect(.with { $0.bye.code = "shutdown" }) { _ in .ended }
    }

    @Test func `a ping is answered with a pong`() throws {
        var alice = try alice(in: .live)
        #expect(alice.receive(.ping).frames == [.with { $0.pong = .init() }])
    }
}
