import CryptoCore
import KeyFormats
import TestSupport
import Testing

@testable import AgentProtocol

/// Session binds, and keys that are limited to hosts.
struct BindingTests {
    private let key = TestKeys.all[0]
    private let host = TestKeys.all[1]
    private let second = TestKeys.all[2]
    private var blob: [UInt8] { SSHWire.blob(of: key.publicKey) }
    private let bound = "publickey-hostbound-v00@openssh.com"

    private func bench(_ hosts: [DestinationConstraint]) throws -> AgentBench {
        var policy = KeyPolicy()
        policy.hosts = hosts
        var bench = AgentBench()
        try bench.hold(key, policy: policy)
        return bench
    }

    private func sign(
        _ bench: inout AgentBench,
        session: [UInt8],
        user: String = "alice",
        host: RSAPrivateKey? = nil
    ) -> Bool {
        let data = AgentWorld.login(
            blob,
            session: session,
            user: user,
            method: host == nil ? "publickey" : bound,
            hostKey: host.map { SSHWire.blob(of: $0.publicKey) }
        )
        return bench.send(AgentWorld.signRequest(blob, data))?.first == 14
    }

    @Test func `verifies the signature of the host`() throws {
        var bench = AgentBench()
        let bind = try AgentWorld.bind(host)
        for index in bind.indices.dropFirst(29) {
            var changed = bind
            changed[index] ^= 1
            var fresh = AgentBench()
            #expect(fresh.send(changed) != [6] || index == bind.count - 1, "byte \(index)")
        }
        #expect(bench.send(try AgentWorld.bind(host, algorithm: "ssh-rsa")) == [28])
        #expect(bench.send(bind + [0]) == [28])
        #expect(bench.send(bind) == [6])
    }

    @Test func `verifies an ECDSA signature of a host`() throws {
        let private256 = try P256PrivateKey()
        let point = private256.publicKey.x963Representation
        let hostKey =
            AgentWorld.text("ecdsa-sha2-nistp256") + AgentWorld.text("nistp256")
            + SSHWire.string(point)
        let session: [UInt8] = [4, 5]
        var whole = DERReader(try private256.signature(over: session))
        var numbers = try whole.sequence()
        let r = try numbers.next(DER.Tag.integer)
        let s = try numbers.next(DER.Tag.integer)
        let signature =
            AgentWorld.text("ecdsa-sha2-nistp256")
            + SSHWire.string(SSHWire.string(r) + SSHWire.string(s))
        func bind(_ session: [UInt8]) -> [UInt8] {
            [27] + AgentWorld.text("session-bind@openssh.com") + SSHWire.string(hostKey)
                + SSHWire.string(session) + SSHWire.string(signature) + [0]
        }
        var bench = AgentBench()
        #expect(bench.send(bind([4, 6])) == [28])
        #expect(bench.send(bind(session)) == [6])
    }

    @Test func `refuses a second key for a session, and binds after a login`() throws {
        var bench = AgentBench()
        #expect(bench.send(try AgentWorld.bind(host, session: [1], isForwarded: true)) == [6])
        #expect(bench.send(try AgentWorld.bind(host, session: [1], isForwarded: true)) == [6])
        #expect(bench.send(try AgentWorld.bind(second, session: [1], isForwarded: true)) == [28])
        #expect(bench.send(try AgentWorld.bind(second, session: [2])) == [6])
        #expect(bench.send(try AgentWorld.bind(second, session: [3])) == [28])
        var many = AgentBench()
        for index in 0..<AgentLimits.bindCount {
            let bind = try AgentWorld.bind(host, session: [UInt8(index)], isForwarded: true)
            #expect(many.send(bind) == [6])
        }
        #expect(many.send(try AgentWorld.bind(host, session: [99], isForwarded: true)) == [28])
    }

    @Test func `a bound connection changes nothing in the agent`() throws {
        for isForwarded in [true, false] {
            var bench = AgentBench()
            try bench.hold(key)
            _ = bench.send(try AgentWorld.bind(host, isForwarded: isForwarded))
            #expect(bench.send([18] + SSHWire.string(blob)) == [5])
            #expect(bench.send([19]) == [5])
            #expect(bench.send([22] + AgentWorld.text("secret")) == [5])
            #expect(bench.keyring.count == 1)
            #expect(!bench.keyring.isLocked)
            #expect(bench.send([11])?[4] == 1)
        }
        // A failed bind counts as well.
        var bench = AgentBench()
        try bench.hold(key)
        #expect(bench.send([27] + AgentWorld.text("session-bind@openssh.com")) == [28])
        #expect(bench.send([19]) == [5])
    }

    @Test func `a limited key signs for its host and session only`() throws {
        let rule = DestinationConstraint(
            from: .origin,
            to: AgentWorld.end("host", host, user: "al*")
        )
        var bench = try bench([rule])
        #expect(bench.send([11])?[4] == 1, "visible on this machine")
        #expect(!sign(&bench, session: [1, 2, 3]), "not without a bind")
        #expect(bench.send(try AgentWorld.bind(host)) == [6])
        #expect(bench.send([11])?[4] == 1)
        #expect(sign(&bench, session: [1, 2, 3]))
        #expect(sign(&bench, session: [1, 2, 3], host: host))
        #expect(!sign(&bench, session: [1, 2, 3], host: second), "another host key")
        #expect(!sign(&bench, session: [1, 2, 4]), "another session")
        #expect(!sign(&bench, session: [1, 2, 3], user: "bob"), "another user")
        #expect(bench.send(AgentWorld.signRequest(blob, AgentWorld.signature())) == [5])

        var elsewhere = try self.bench([rule])
        #expect(elsewhere.send(try AgentWorld.bind(second)) == [6])
        #expect(elsewhere.send([11])?[4] == 0, "hidden at another host")
        #expect(!sign(&elsewhere, session: [1, 2, 3]))

        var failed = try self.bench([rule])
        #expect(failed.send([27] + AgentWorld.text("session-bind@openssh.com")) == [28])
        #expect(failed.send([11])?[4] == 0, "hidden after a failed bind")
    }

    @Test func `a limited key follows its path and no other`() throws {
        let first = DestinationConstraint(from: .origin, to: AgentWorld.end("host", host))
        let next = DestinationConstraint(
            from: AgentWorld.end("host", host),
            to: AgentWorld.end("second", second)
        )
        var bench = try bench([first, next])
        #expect(bench.send(try AgentWorld.bind(host, session: [1], isForwarded: true)) == [6])
        #expect(bench.send([11])?[4] == 1)
        #expect(!sign(&bench, session: [1], host: host), "not on a forwarding hop")
        #expect(bench.send(try AgentWorld.bind(second, session: [2])) == [6])
        #expect(!sign(&bench, session: [2]), "behind a hop only with the host key")
        #expect(sign(&bench, session: [2], host: second))

        var short = try self.bench([first])
        #expect(short.send(try AgentWorld.bind(host, session: [1], isForwarded: true)) == [6])
        #expect(short.send([11])?[4] == 0, "hidden behind a host where it has no further hop")
        #expect(short.send(try AgentWorld.bind(second, session: [2])) == [6])
        #expect(!sign(&short, session: [2], host: second))
    }

    @Test func `reads constraints as it writes them and refuses damaged ones`() {
        let list = [
            DestinationConstraint(from: .origin, to: AgentWorld.end("host", host, user: "a")),
            DestinationConstraint(
                from: AgentWorld.end("host", host),
                to: AgentWorld.end("second", second)
            ),
        ]
        let bytes = DestinationConstraint.encode(list)
        #expect(DestinationConstraint.list(bytes) == list)
        for count in 1..<bytes.count where count != DestinationConstraint.encode([list[0]]).count {
            #expect(DestinationConstraint.list(Array(bytes.prefix(count))) == nil)
        }
        let nowhere = DestinationConstraint(from: .origin, to: .origin)
        #expect(DestinationConstraint.list(DestinationConstraint.encode([nowhere])) == nil)
    }

    @Test(arguments: [
        ("alice", "alice", true), ("alice", "al*", true), ("alice", "*", true),
        ("alice", "?lice", true),
        ("alice", "al", false), ("alice", "b*", false), ("", "*", true), ("abcabc", "*abc", true),
        ("abcab", "*abc", false),
    ])
    func `matches users with patterns`(_ text: String, _ pattern: String, _ expected: Bool) {
        #expect(DestinationConstraint.matches(text.utf8, pattern.utf8) == expected)
    }
}
