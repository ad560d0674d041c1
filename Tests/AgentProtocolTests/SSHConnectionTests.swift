import CryptoCore
import KeyFormats
import TestSupport
import Testing

@testable import AgentProtocol

/// Requests on the SSH socket and their answers.
struct SSHConnectionTests {
    private let key = TestKeys.all[0]
    private var blob: [UInt8] { SSHWire.blob(of: key.publicKey) }

    private func bench(_ policy: KeyPolicy = KeyPolicy()) throws -> AgentBench {
        var bench = AgentBench()
        try bench.hold(key, policy: policy)
        return bench
    }

    @Test func `lists the version that signs`() throws {
        var bench = try bench()
        try bench.hold(TestKeys.all[1], identity: AgentWorld.identity(signs: false, version: 2))
        let expected = [12] + SSHWire.number(1) + SSHWire.string(blob) + AgentWorld.text("alice")
        #expect(bench.send([11]) == expected)
    }

    @Test func `signs a login and an SSHSIG as the flags say`() throws {
        var bench = try bench()
        for (flags, hash, name) in [
            (2, HashAlgorithm.sha256, "rsa-sha2-256"), (4, .sha512, "rsa-sha2-512"),
        ] {
            for data in [AgentWorld.login(blob, algorithm: name), AgentWorld.signature()] {
                let reply = bench.send(AgentWorld.signRequest(blob, data, flags: flags))
                let fields = try #require(reply)
                let signature = try #require(AgentWorld.strings(fields.dropFirst()).first)
                let parts = AgentWorld.strings(signature)
                #expect(fields[0] == 14)
                #expect(parts[0] == Array(name.utf8))
                let digest = try hash.digest(of: data)
                #expect(
                    key.publicKey.isValidSignature(parts[1], ofDigest: digest, scheme: .pkcs1(hash))
                )
            }
        }
    }

    @Test func `refuses SHA-1, unknown flags and free bytes`() throws {
        var bench = try bench()
        for flags in [0, 1, 3, 6, 8, 0xffff_ffff] {
            let request = AgentWorld.signRequest(blob, AgentWorld.signature(), flags: flags)
            #expect(bench.send(request) == [5], "\(flags)")
        }
        let token = Array("eyJhbGciOiJSUzI1NiJ9.e30".utf8)
        let statement = Array("keyctl rotate statement v1\n".utf8)
        for data in [[], [0], token, statement, [0x30, 0x82, 1, 0]] {
            for flags in [2, 4] {
                #expect(bench.send(AgentWorld.signRequest(blob, data, flags: flags)) == [5])
            }
        }
        // The algorithm of the login must be the one that is signed with.
        let other = AgentWorld.login(blob, algorithm: "rsa-sha2-256")
        #expect(bench.send(AgentWorld.signRequest(blob, other, flags: 4)) == [5])
    }

    @Test func `does not sign with a version that only decrypts`() throws {
        var bench = AgentBench()
        try bench.hold(key, identity: AgentWorld.identity(signs: false))
        #expect(bench.send(AgentWorld.signRequest(blob, AgentWorld.signature())) == [5])
    }

    @Test func `answers a failure to what it does not know`() throws {
        var bench = try bench()
        for message: [UInt8] in [[0], [1], [20, 0], [26], [11, 0], [13], [17], [18], [99, 1, 2]] {
            #expect(bench.send(message) == [5], "\(message)")
        }
        #expect(bench.send([27] + AgentWorld.text("decrypt@example.org")) == [5])
        let query = AgentWorld.text("query")
        #expect(
            bench.send([27] + query) == [29] + query + query
                + AgentWorld.text("session-bind@openssh.com")
        )
    }

    @Test func `does not sign a plugin's file`() throws {
        var bench = try bench()
        let content = AgentWorld.signature(namespace: "keyctl-plugin")
        #expect(bench.send(AgentWorld.signRequest(blob, content)) == [5])
        let other = AgentWorld.signature(namespace: "keyctl-plugins")
        #expect(bench.send(AgentWorld.signRequest(blob, other))?.first == 14)
    }

    @Test func `asks a person before a key that wants it signs`() throws {
        var policy = KeyPolicy()
        policy.confirms = true
        var bench = try bench(policy)
        let request = AgentWorld.signRequest(blob, AgentWorld.login(blob))
        let question = AgentBench.question(
            bench.ssh.receive(request.borrowedBytes, &bench.keyring, now: bench.now)
        )
        #expect(question?.contains("a login as alice") == true)
        let refused = AgentBench.reply(
            bench.ssh.confirmed(false, &bench.keyring, now: bench.now)
        )
        #expect(refused == [5])
        _ = AgentBench.question(
            bench.ssh.receive(request.borrowedBytes, &bench.keyring, now: bench.now)
        )
        let allowed = AgentBench.reply(bench.ssh.confirmed(true, &bench.keyring, now: bench.now))
        #expect(allowed?.first == 14)
        // Limited to hosts while the person was asked.
        _ = AgentBench.question(
            bench.ssh.receive(request.borrowedBytes, &bench.keyring, now: bench.now)
        )
        var limited = KeyPolicy()
        limited.hosts = [
            DestinationConstraint(
                from: DestinationConstraint.End(user: nil, host: nil, keys: []),
                to: AgentWorld.end("host", TestKeys.all[1])
            )
        ]
        try bench.hold(key, policy: limited)
        let changed = AgentBench.reply(bench.ssh.confirmed(true, &bench.keyring, now: bench.now))
        #expect(changed == [5])
        try bench.hold(key, policy: policy)
        // Removed while the person was asked.
        _ = AgentBench.question(
            bench.ssh.receive(request.borrowedBytes, &bench.keyring, now: bench.now)
        )
        bench.keyring.removeAll()
        let late = AgentBench.reply(bench.ssh.confirmed(true, &bench.keyring, now: bench.now))
        #expect(late == [5])
    }

    @Test func `removes a key after its lifetime and after idle time`() throws {
        var policy = KeyPolicy()
        policy.lifetime = 100
        policy.idleSeconds = 40
        var bench = try bench(policy)
        bench.now = bench.now.adding(seconds: 39)
        #expect(bench.send(AgentWorld.signRequest(blob, AgentWorld.signature()))?.first == 14)
        bench.now = bench.now.adding(seconds: 39)
        #expect(bench.send(AgentWorld.signRequest(blob, AgentWorld.signature()))?.first == 14)
        bench.now = bench.now.adding(seconds: 23)
        #expect(bench.send(AgentWorld.signRequest(blob, AgentWorld.signature())) == [5])
        #expect(bench.keyring.count == 0)
    }

    @Test func `locks with a passphrase and unlocks with the same one`() throws {
        var bench = try bench()
        #expect(bench.send([22] + AgentWorld.text("")) == [5])
        #expect(bench.send([22] + AgentWorld.text("secret")) == [6])
        #expect(bench.send([11]) == [12, 0, 0, 0, 0])
        #expect(bench.send(AgentWorld.signRequest(blob, AgentWorld.signature())) == [5])
        #expect(bench.send([19]) == [5])
        #expect(bench.keyring.keys[0].key == nil)
        for round in 1...2 {
            let wait = AgentBench.waitingTime(
                bench.ssh.receive(
                    ([23] + AgentWorld.text("guess")).borrowedBytes,
                    &bench.keyring,
                    now: bench.now
                )
            )
            bench.now = try #require(wait)
            let delayed = AgentBench.waitingTime(
                bench.ssh.resumed(&bench.keyring, now: bench.now)
            )
            // Each wrong passphrase costs a tenth of a second more.
            #expect(delayed == bench.now.adding(milliseconds: 100 * round))
            bench.now = try #require(delayed)
            let refused = AgentBench.reply(bench.ssh.resumed(&bench.keyring, now: bench.now))
            #expect(refused == [5])
        }
        _ = AgentBench.waitingTime(
            bench.ssh.receive(
                ([23] + AgentWorld.text("secret")).borrowedBytes,
                &bench.keyring,
                now: bench.now
            )
        )
        let opened = AgentBench.reply(bench.ssh.resumed(&bench.keyring, now: bench.now))
        #expect(opened == [6])
        #expect(bench.send(AgentWorld.signRequest(blob, AgentWorld.signature()))?.first == 14)
    }

    @Test func `takes an RSA key of ssh-add, with constraints`() throws {
        var bench = AgentBench()
        let numbers = try RSAComponents(of: key)
        var message = AgentWorld.text("ssh-rsa") + SSHWire.integer(numbers.modulus)
        message += SSHWire.integer(numbers.publicExponent)
        message += SSHWire.integer(numbers.privateExponent.publicBytes)
        message += SSHWire.integer(numbers.coefficient.publicBytes)
        message += SSHWire.integer(numbers.firstPrime.publicBytes)
        message += SSHWire.integer(numbers.secondPrime.publicBytes)
        message += AgentWorld.text("from ssh-add")
        #expect(bench.send([17] + message) == [6])
        #expect(bench.send([17] + message + [0]) == [5])
        #expect(bench.send([25] + message + [1, 0, 0, 0, 10, 2]) == [6])
        #expect(bench.keyring.keys[0].policy.lifetime == 10)
        #expect(bench.keyring.keys[0].policy.confirms)
        #expect(bench.send([25] + message + [1, 0, 0, 0, 10, 1, 0, 0, 0, 10]) == [5])
        #expect(bench.send([25] + message + [3]) == [5])
        #expect(bench.send([25] + message + [255] + AgentWorld.text("unknown@example.org")) == [5])
        // It is not an identity's key.
        #expect(bench.keyring.index(of: SHA256Digest(hashing: blob)) == nil)
        #expect(bench.send([18] + SSHWire.string(blob)) == [6])
        #expect(bench.keyring.count == 0)
        // A key that an identity holds keeps its terms.
        try bench.hold(key)
        #expect(bench.send([17] + message) == [5])
        for index in stride(from: 0, to: message.count, by: 7) {
            _ = bench.send([17] + message.prefix(index))
        }
        #expect(bench.keyring.count == 1)
    }

    @Test func `asks the earlier agent for what it does not have`() throws {
        var bench = AgentBench(hasEarlierAgent: true)
        try bench.hold(key)
        let host = TestKeys.all[2]
        let bind = try AgentWorld.bind(host, isForwarded: true)
        #expect(bench.send(bind) == [6])
        var request = AgentBench.earlierRequest(
            bench.ssh.receive([11].borrowedBytes, &bench.keyring, now: bench.now)
        )
        #expect(request == EarlierRequest(binds: [bind], request: [11], isList: true))
        let other = AgentWorld.text("other")
        let theirs =
            [12] + SSHWire.number(2) + SSHWire.string(blob) + other + SSHWire.string(other) + other
        let merged = AgentBench.reply(bench.ssh.forwarded(theirs, &bench.keyring))
        #expect(
            merged == [12] + SSHWire.number(2) + SSHWire.string(blob) + AgentWorld.text("alice")
                + SSHWire.string(other) + other
        )
        for reply in [nil, [], [5], [12], theirs + [0], Array(theirs.dropLast())] {
            _ = AgentBench.earlierRequest(
                bench.ssh.receive([11].borrowedBytes, &bench.keyring, now: bench.now)
            )
            let own = AgentBench.reply(bench.ssh.forwarded(reply, &bench.keyring))
            #expect(own?[4] == 1, "\(String(describing: reply))")
        }
        let sign = AgentWorld.signRequest(other, [1, 2, 3], flags: 0)
        request = AgentBench.earlierRequest(
            bench.ssh.receive(sign.borrowedBytes, &bench.keyring, now: bench.now)
        )
        #expect(request == EarlierRequest(binds: [bind], request: sign, isList: false))
        let passed = AgentBench.reply(bench.ssh.forwarded([14, 1], &bench.keyring))
        #expect(passed == [14, 1])
        _ = AgentBench.earlierRequest(
            bench.ssh.receive(sign.borrowedBytes, &bench.keyring, now: bench.now)
        )
        let odd = AgentBench.reply(bench.ssh.forwarded([99], &bench.keyring))
        #expect(odd == [5])
    }

    @Test func `closes if a message comes out of turn`() throws {
        var policy = KeyPolicy()
        policy.confirms = true
        var bench = try bench(policy)
        let request = AgentWorld.signRequest(blob, AgentWorld.signature())
        _ = AgentBench.question(
            bench.ssh.receive(request.borrowedBytes, &bench.keyring, now: bench.now)
        )
        let second = AgentBench.closes(
            bench.ssh.receive([11].borrowedBytes, &bench.keyring, now: bench.now)
        )
        #expect(second)
        let answer = AgentBench.closes(
            bench.ssh.confirmed(true, &bench.keyring, now: bench.now)
        )
        #expect(answer)
    }
}
