import ChatProtocol
import CryptoCore
import Failures
import NIOCore
import SwiftProtobuf
import Testing

@testable import ChatServer

/// One connection without a channel: every state with every event.
struct SessionMachineTests {
    enum State: CaseIterable {
        case handshaking, awaitingHello, judging, outOfTurn, refused, catchingUp, live, closed
    }

    private static let certificate: [UInt8] = [1, 2, 3]
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private static let hello = WireFrame.with { $0.hello.protocol = 1 }
    private static let refusal = ChatError(.revoked, "no")

    private func machine(in state: State) -> SessionMachine {
        var machine = SessionMachine(from: AddressPrefix(packed: [192, 0, 2, 1]))
        guard state != .handshaking else { return machine }
        _ = machine.handshakeCompleted(certificate: SessionMachineTests.certificate)
        guard state != .awaitingHello else { return machine }
        _ = take(SessionMachineTests.hello, &machine)
        switch state {
        case .handshaking, .awaitingHello, .judging: break
        case .outOfTurn: _ = take(.ping, &machine)
        case .refused: _ = machine.follow(.refuse(SessionMachineTests.refusal), head: 9)
        case .catchingUp: _ = machine.follow(admission(after: 3), head: 9)
        case .live: _ = machine.follow(admission(after: 9), head: 9)
        case .closed: _ = machine.end()
        }
        return machine
    }

    private func admission(after seq: UInt64) -> SessionOrder {
        .admit(ByteBuffer(bytes: [7]), after: seq, head: 9, speaking: [])
    }

    /// What a machine does when a frame arrives.
    private func take(_ frame: WireFrame, _ machine: inout SessionMachine) -> [String] {
        let bytes = ByteBuffer(bytes: FrameCodec.encode(frame))
        var actions = machine.receive(bytes.readableBytesView)
        while let more = machine.nextFrame(at: SessionMachineTests.start) { actions += more }
        return names(actions)
    }

    private func names(_ actions: [SessionAction]) -> [String] {
        actions.map { action in
            switch action {
            case .send(let frames): "send \(kind(frames))"
            case .publish: "publish"
            case .receive(let seq): "receive \(seq)"
            case .ask(let request): "ask \(name(request))"
            case .judge: "judge"
            case .admit: "admit"
            case .refuse(let time):
                "refuse in \((time - SessionMachineTests.start).nanoseconds / 1_000_000) ms"
            case .read(let reading): "read \(reading)"
            case .end: "end"
            case .close: "close"
            case .abort: "abort"
            }
        }
    }

    private func kind(_ frames: ByteBuffer) -> String {
        var decoder = FrameDecoder(limit: FrameCodec.limit)
        decoder.receive(frames.readableBytesView)
        switch (try? decoder.next())?.kind {
        case .refusal(let refusal)?: return "refusal \(refusal.code)"
        case .pong?: return "pong"
        case nil: return "\(Array(frames.readableBytesView))"
        case let other?: return "\(other)"
        }
    }

    private func name(_ request: SessionRequest) -> String {
        switch request {
        case .login: "login"
        case .keysPage: "keys"
        case .page(let seq, _): "page after \(seq)"
        case .history(let count): "history \(count)"
        case .historyPage(let seq, let end): "history after \(seq) to \(end)"
        case .who: "who"
        case .shutdown: "shutdown"
        case .reload: "reload"
        case .left: "left"
        }
    }

    // MARK: Login

    @Test func `a handshake without a certificate, or a second one, closes the connection`() {
        var none = machine(in: .handshaking)
        #expect(names(none.handshakeCompleted(certificate: nil)) == ["end", "close"])
        for state in State.allCases where state != .handshaking && state != .closed {
            var machine = machine(in: state)
            let actions = machine.handshakeCompleted(certificate: SessionMachineTests.certificate)
            #expect(names(actions) == ["end", "close"], "\(state)")
        }
    }

    @Test func `a Hello is judged by the writer`() {
        var machine = machine(in: .awaitingHello)
        #expect(take(SessionMachineTests.hello, &machine) == ["judge", "ask login"])
    }

    @Test func `another first frame, another protocol and junk are refused at once`() {
        let refused = ["send refusal protocol-violation", "end", "close"]
        var other = machine(in: .awaitingHello)
        #expect(take(.ping, &other) == refused)
        var later = machine(in: .awaitingHello)
        #expect(take(.with { $0.hello.protocol = 2 }, &later) == refused)
        var junk = machine(in: .awaitingHello)
        #expect(take(.with { $0.entries = .init() }, &junk) == refused)
        var early = machine(in: .handshaking)
        #expect(take(SessionMachineTests.hello, &early) == refused)
    }

    @Test func `a refusal leaves 100 ms after the Hello, whatever came meanwhile`() {
        for state in [State.judging, .outOfTurn] {
            var machine = machine(in: state)
            let actions = machine.follow(.refuse(SessionMachineTests.refusal), head: 9)
            #expect(names(actions) == ["refuse in 100 ms"])
            #expect(take(.ping, &machine).isEmpty)
            #expect(machine.follow(.refuse(SessionMachineTests.refusal), head: 9).isEmpty)
            #expect(names(machine.refusalIsDue()) == ["send refusal revoked", "end", "close"])
            #expect(machine.refusalIsDue().isEmpty)
        }
    }

    @Test func `a frame between the Hello and its answer costs the admission`() {
        var machine = machine(in: .judging)
        #expect(take(.with { $0.publish = .init() }, &machine).isEmpty)
        #expect(names(machine.follow(admission(after: 9), head: 9)) == ["refuse in 100 ms"])
        #expect(
            names(machine.refusalIsDue()) == ["send refusal protocol-violation", "end", "close"]
        )
    }

    @Test func `only a session that is judged is let in`() {
        for state in State.allCases {
            var machine = machine(in: state)
            let actions = names(machine.follow(admission(after: 9), head: 9))
            switch state {
            case .judging: #expect(actions == ["admit", "send [7]"])
            case .outOfTurn: #expect(actions == ["refuse in 100 ms"])
            case .handshaking, .awaitingHello, .refused, .catchingUp, .live, .closed:
                #expect(actions.isEmpty, "\(state)")
            }
        }
    }

    // MARK: An admitted session

    @Test(arguments: [State.catchingUp, .live])
    func `frames of a member go to the writer`(_ state: State) {
        let expected: [(WireFrame, String)] = [
            (.with { $0.publish = .init() }, "publish"),
            (.with { $0.received.seq = 5 }, "receive 5"),
            (.with { $0.shutdownRequest = .init() }, "ask shutdown"),
            (.with { $0.reloadRequest = .init() }, "ask reload"),
            (.with { $0.whoRequest = .init() }, "ask who"),
            (.with { $0.historyRequest.count = 4 }, "ask history 4"), (.ping, "send pong"),
        ]
        for (frame, action) in expected {
            var machine = machine(in: state)
            #expect(take(frame, &machine) == [action])
        }
        var pong = machine(in: state)
        #expect(take(.with { $0.pong = .init() }, &pong).isEmpty)
        var again = machine(in: state)
        #expect(
            take(SessionMachineTests.hello, &again)
                == ["send refusal protocol-violation", "end", "close"]
        )
    }

    @Test func `a full window stops decoding, and reading until half of it is dealt with`() {
        var machine = machine(in: .live)
        for _ in 0..<ServerLimits.window {
            #expect(take(.with { $0.publish = .init() }, &machine) == ["publish"])
        }
        #expect(take(.with { $0.publish = .init() }, &machine).isEmpty)
        #expect(names(machine.adjustReading()) == ["read false"])
        _ = machine.follow(.complete(ServerLimits.window / 2), head: 9)
        #expect(names(machine.nextFrame(at: SessionMachineTests.start) ?? []) == ["publish"])
        #expect(machine.adjustReading().isEmpty)
        _ = machine.follow(.complete(2), head: 9)
        #expect(names(machine.adjustReading()) == ["read true"])
    }

    @Test func `one answer at a time`() {
        var machine = machine(in: .live)
        #expect(take(.with { $0.whoRequest = .init() }, &machine) == ["ask who"])
        #expect(take(.with { $0.whoRequest = .init() }, &machine).isEmpty)
        #expect(names(machine.adjustReading()) == ["read false"])
        let answer = machine.follow(.answer(ByteBuffer(bytes: [1])), head: 9)
        #expect(names(answer) == ["send [1]"])
        #expect(names(machine.nextFrame(at: SessionMachineTests.start) ?? []) == ["ask who"])
    }

    @Test func `a channel that is full is neither read from nor given pages`() {
        var machine = machine(in: .catchingUp)
        machine.writabilityChanged(to: false)
        #expect(names(machine.adjustReading()) == ["read false"])
        #expect(take(.ping, &machine).isEmpty)
        #expect(machine.askForMore().isEmpty)
        machine.writabilityChanged(to: true)
        #expect(names(machine.askForMore()) == ["ask page after 3"])
        #expect(names(machine.nextFrame(at: SessionMachineTests.start) ?? []) == ["send pong"])
        #expect(names(machine.adjustReading()) == ["read true"])
    }

    @Test func `what the writer reads for a session reaches no other one`() {
        let orders: [SessionOrder] = [
            .answer(ByteBuffer(bytes: [1])), .keysPage(ByteBuffer(bytes: [1]), epochCount: 0),
            .page(ByteBuffer(bytes: [1]), last: 9),
            .historyPage(ByteBuffer(bytes: [1]), next: nil, through: 9),
        ]
        for state in State.allCases where state != .catchingUp && state != .live {
            for order in orders {
                var machine = machine(in: state)
                #expect(machine.follow(order, head: 9).isEmpty, "\(state)")
            }
            var machine = machine(in: state)
            #expect(machine.announce(ByteBuffer(), after: 1).isEmpty)
            #expect(machine.askForMore().isEmpty)
        }
    }

    // MARK: The end

    @Test func `last words are written in every state, and the end comes once`() {
        for state in State.allCases {
            var machine = machine(in: state)
            let actions = names(machine.follow(.dismiss(ByteBuffer(bytes: [1])), head: 9))
            #expect(
                actions == (state == .closed ? [] : ["send [1]", "end", "close"]),
                "\(state)"
            )
            #expect(machine.end().isEmpty)
            #expect(machine.close().isEmpty)
            #expect(names(machine.abort()) == ["abort"])
        }
    }

    @Test func `a member whose key was revoked is refused at once`() {
        var machine = machine(in: .live)
        let actions = machine.follow(.refuse(SessionMachineTests.refusal), head: 9)
        #expect(names(actions) == ["send refusal revoked", "end", "close"])
    }

    @Test func `a connection that is closed is read, so that it hears why, and a flood is cut off`()
    {
        for state in [State.outOfTurn, .refused, .closed] {
            var machine = machine(in: state)
            let chunk = ByteBuffer(bytes: [UInt8](repeating: 0, count: 1 << 20))
            #expect(machine.receive(chunk.readableBytesView).isEmpty)
            #expect(machine.receive(chunk.readableBytesView).isEmpty)
            let cut = names(machine.receive(chunk.readableBytesView))
            #expect(cut == (state == .closed ? ["abort"] : ["end", "abort"]))
        }
    }

    @Test func `a session that was not read from is read again while it is closed`() {
        var machine = machine(in: .live)
        machine.writabilityChanged(to: false)
        _ = machine.adjustReading()
        #expect(names(machine.close()) == ["end", "read true", "close"])
    }
}
