import CryptoCore
import KeyFormats
import KeyOperations
import TestSupport
import Testing

@testable import AgentProtocol

/// Requests on the own socket and their answers.
struct OwnConnectionTests {
    private let key = TestKeys.all[0]
    private var fingerprint: SHA256Digest {
        SHA256Digest(hashing: SSHWire.blob(of: key.publicKey))
    }

    private func bench(
        _ identity: HeldIdentity = AgentWorld.identity(),
        _ policy: KeyPolicy = KeyPolicy()
    ) throws -> AgentBench {
        var bench = AgentBench()
        try bench.hold(key, identity: identity, policy: policy)
        #expect(try bench.ask(.hello(version: 1))?.first == 66)
        return bench
    }

    private func code(_ reply: [UInt8]?) -> String? {
        guard let reply, reply.first == 64 else { return nil }
        return AgentWorld.strings(reply.dropFirst()).first
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The signed bytes of a session certificate.
    private func session(
        _ use: CertificateUse = .client,
        identity: SHA256Digest = SHA256Digest(hashing: [1]),
        chat: SHA256Digest = SHA256Digest(hashing: [2]),
        version: UInt8 = 1,
        from start: Int64 = AgentWorld.wallTime - 60,
        seconds: Int64 = 86_400,
        commonName: String = "securechat session",
        format: UInt8 = 1
    ) throws -> [UInt8] {
        let point = try P256PrivateKey().publicKey.x963Representation
        let content =
            [format] + identity.bytes + chat.bytes + [0, 0, 0, version] + point
        return try X509Certificate.toBeIssued(
            CertificateContent(
                commonName: commonName,
                notBefore: start,
                notAfter: start + seconds,
                use: use,
                extensions: [
                    (identifier: SessionClaim.contentIdentifier, content: content),
                    (identifier: SessionClaim.statementsIdentifier, content: [0x61]),
                ]
            ),
            subject: P256PrivateKey()
        ).content
    }

    private func signs(_ bytes: [UInt8], _ identity: HeldIdentity) throws -> Bool {
        var bench = try bench(identity)
        let reply = try bench.ask(.signStatement(fingerprint, bytes))
        guard reply?.first == 69 else {
            #expect(code(reply) == "not-allowed")
            return false
        }
        let signature = AgentWorld.strings((reply ?? []).dropFirst()).first ?? []
        #expect(key.publicKey.isValidSignature(signature, over: bytes))
        return true
    }

    @Test func `wants a greeting first, and one that it understands`() throws {
        var bench = AgentBench()
        #expect(try bench.ask(.status) == nil)
        #expect(try bench.ask(.hello(version: 1)) == nil, "closed")
        var old = AgentBench()
        #expect(try old.ask(.hello(version: 0)) == nil)
        var newer = AgentBench()
        #expect(try newer.ask(.hello(version: 9)) == [66, 0, 0, 0, 1])
        #expect(try newer.ask(.hello(version: 1)) == nil)
    }

    @Test func `decrypts with label`() throws {
        var bench = try bench(AgentWorld.identity(signs: false))
        let sealed = try key.publicKey.encrypt([1, 2, 3].borrowedBytes, label: [9])
        let opened = try bench.ask(.unwrap(fingerprint, label: [9], ciphertext: sealed))
        #expect(opened == [68, 0, 0, 0, 3, 1, 2, 3])
        let other = try bench.ask(.unwrap(fingerprint, label: [8], ciphertext: sealed))
        #expect(code(other) == "wrong-key")
        let unknown = SHA256Digest(hashing: [0])
        let missing = try bench.ask(.unwrap(unknown, label: [9], ciphertext: sealed))
        #expect(code(missing) == "no-such-key")
    }

    @Test func `signs digests by the schemes of user signatures`() throws {
        var bench = try bench()
        for scheme: SignatureScheme in [
            .pkcs1(.sha256), .pkcs1(.sha512), .pss(.sha256), .pss(.sha512), .bare,
        ] {
            let digest = [UInt8](repeating: 3, count: scheme.hash.byteCount)
            let reply = try bench.ask(.signDigest(fingerprint, scheme, digest: digest))
            let signature = try #require(AgentWorld.strings((reply ?? []).dropFirst()).first)
            #expect(key.publicKey.isValidSignature(signature, ofDigest: digest, scheme: scheme))
        }
        let name = AgentWorld.text("sign-pss-sha384")
        let digest = SSHWire.string([UInt8](repeating: 0, count: 48))
        #expect(bench.sendOwn([4] + SSHWire.string(fingerprint.bytes) + name + digest) == nil)
        var retired = try self.bench(AgentWorld.identity(signs: false))
        let digest256 = [UInt8](repeating: 3, count: 32)
        let reply = try retired.ask(.signDigest(fingerprint, .pss(.sha256), digest: digest256))
        #expect(code(reply) == "not-allowed")
    }

    @Test func `signs the sessions of its own identity, now`() throws {
        let person = AgentWorld.identity()
        let server = AgentWorld.identity(isServer: true)
        let own = SHA256Digest(hashing: [1])
        #expect(try signs(session(), person))
        #expect(try signs(session(.server, chat: own), server))
        #expect(try !signs(session(.server), server), "another chat")
        #expect(try !signs(session(.server, chat: own), person), "a person's server")
        #expect(try !signs(session(), server))
        #expect(try !signs(session(identity: SHA256Digest(hashing: [3])), person))
        #expect(try !signs(session(version: 2), person))
        #expect(try !signs(session(from: AgentWorld.wallTime + 301), person))
        #expect(try !signs(session(from: AgentWorld.wallTime - 301), person))
        #expect(try !signs(session(seconds: 86_401), person))
        #expect(try !signs(session(seconds: -1), person))
        #expect(try !signs(session(commonName: "another"), person))
        #expect(try !signs(session(format: 2), person))
        #expect(try !signs(session(), AgentWorld.identity(signs: false)))
    }

    @Test func `refuses a session with any bit changed in its structure`() throws {
        let whole = try session()
        #expect(SignedStructure(whole) != nil)
        for count in 0..<whole.count { #expect(SignedStructure(Array(whole.prefix(count))) == nil) }
        #expect(SignedStructure(whole + [0]) == nil)
        // A changed byte is refused, or it is in one of the fields.
        var refused = 0
        for index in whole.indices {
            var changed = whole
            changed[index] ^= 0x01
            if SignedStructure(changed) == nil { refused += 1 }
        }
        #expect(refused > whole.count / 2)
    }

    @Test func `signs checkpoint and head of its own server only`() throws {
        let own = SHA256Digest(hashing: [1])
        let other = SHA256Digest(hashing: [2])
        let server = AgentWorld.identity(isServer: true)
        let root = Base64.encode(own.bytes)
        func checkpoint(_ owner: SHA256Digest, count: String = "12") -> [UInt8] {
            Array("keyctl checkpoint v1\nkeyctl/\(owner)\n\(count)\n\(root)\n".utf8)
        }
        func head(_ chat: SHA256Digest, seq: String = "7") -> [UInt8] {
            Array("securechat head v1\n\(chat)\nlobby\n\(seq)\n\(other)\n".utf8)
        }
        for (bytes, foreign, odd) in [
            (checkpoint(own), checkpoint(other), checkpoint(own, count: "012")),
            (head(own), head(other), head(own, seq: "+7")),
        ] {
            #expect(try signs(bytes, server))
            #expect(try !signs(foreign, server))
            #expect(try !signs(odd, server))
            #expect(try !signs(bytes, AgentWorld.identity()))
            #expect(try !signs(bytes + [0x0a], server))
            #expect(try !signs(bytes.dropLast(), server))
        }
    }

    @Test(arguments: [
        "keyctl rotate statement v1\nrotate", "keyctl revoke statement v1\nrevoke",
        "keyctl sign statement v1\nsign", "keyctl renew statement v1\nrenew", "",
    ])
    func `refuses statements of a registry`(_ text: String) throws {
        #expect(try !signs(Array(text.utf8), AgentWorld.identity()))
        #expect(try !signs(Array(text.utf8), AgentWorld.identity(isServer: true)))
    }

    @Test func `adds, shows and removes keys`() throws {
        var bench = AgentBench()
        _ = try bench.ask(.hello(version: 1))
        var policy = KeyPolicy()
        policy.lifetime = 60
        let identity = AgentWorld.identity()
        #expect(try bench.ask(.add(identity, policy, key)) == [65])
        let answer = try bench.ask(.status) ?? []
        let reply = try OwnReply(answer.borrowedBytes)
        guard case .status(let status) = consume reply else {
            Issue.record("no status")
            return
        }
        #expect(status.keys.count == 1)
        #expect(status.keys[0].name == "alice")
        #expect(status.keys[0].remainingSeconds == 60)
        #expect(status.keys[0].fingerprint == Fingerprint(of: key.publicKey).description)
        #expect(status.process.sshSocket == "/s")
        #expect(code(try bench.ask(.remove("bob"))) == "no-such-key")
        #expect(try bench.ask(.remove("alice")) == [65])
        #expect(bench.keyring.count == 0)
        policy.isUnattended = true
        policy.confirms = true
        #expect(try bench.ask(.add(identity, policy, key)) == nil, "contradicting terms")
    }

    @Test func `answers that it is locked`() throws {
        var bench = try bench()
        #expect(try bench.ask(.lock(AgentWorld.passphrase("secret"))) == [65])
        let digest = [UInt8](repeating: 3, count: 32)
        for request in [
            OwnRequest.unwrap(fingerprint, label: [], ciphertext: []),
            .signDigest(fingerprint, .pss(.sha256), digest: digest),
            .add(AgentWorld.identity(), KeyPolicy(), key), .remove(nil),
            .lock(AgentWorld.passphrase("again")),
        ] {
            #expect(code(try bench.ask(request)) == "locked")
        }
        #expect(try bench.ask(.status)?.first == 67)
    }

    @Test func `closes on damaged messages`() throws {
        let sealed = try key.publicKey.encrypt([1].borrowedBytes, label: [])
        let whole = try OwnRequest.unwrap(fingerprint, label: [1], ciphertext: sealed).encoded()
        let message = Array(whole.publicBytes.dropFirst(4))
        for count in 0..<message.count {
            var bench = try bench()
            #expect(bench.sendOwn(Array(message.prefix(count))) == nil)
        }
        var bench = try bench()
        #expect(bench.sendOwn(message + [0]) == nil)
    }
}
