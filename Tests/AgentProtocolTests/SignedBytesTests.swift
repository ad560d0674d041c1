import CryptoCore
import KeyFormats
import TestSupport
import Testing

@testable import AgentProtocol

/// What the SSH socket signs: logins and SSHSIG, to the last byte.
struct SignedBytesTests {
    private let blob = SSHWire.blob(of: TestKeys.all[0].publicKey)

    private func parse(_ data: [UInt8]) -> UserAuthentication? {
        UserAuthentication(data, key: blob, algorithm: "rsa-sha2-512")
    }

    @Test func `reads a login`() throws {
        let login = try #require(parse(AgentWorld.login(blob)))
        #expect(login.session == [1, 2, 3])
        #expect(login.user == "alice")
        #expect(login.hostKey == nil)
        let bound = AgentWorld.login(
            blob,
            method: "publickey-hostbound-v00@openssh.com",
            hostKey: [9]
        )
        #expect(parse(bound)?.hostKey == [9])
    }

    @Test func `refuses a login that is cut or followed by a byte`() {
        for method in ["publickey", "publickey-hostbound-v00@openssh.com"] {
            let isBound = method != "publickey"
            let whole = AgentWorld.login(blob, method: method, hostKey: isBound ? [9] : nil)
            #expect(parse(whole) != nil)
            for count in 0..<whole.count { #expect(parse(Array(whole.prefix(count))) == nil) }
            #expect(parse(whole + [0]) == nil)
        }
    }

    @Test func `refuses a login with a changed structure`() {
        let whole = AgentWorld.login(blob)
        // Session and user may be anything; every bit of the rest counts.
        let free = Set(4..<7).union(12..<17)
        for index in whole.indices where !free.contains(index) {
            for bit in 0..<8 {
                var changed = whole
                changed[index] ^= 1 << bit
                #expect(parse(changed) == nil, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func `refuses a login for another key, algorithm, service or method`() {
        let other = SSHWire.blob(of: TestKeys.all[1].publicKey)
        #expect(parse(AgentWorld.login(other)) == nil)
        #expect(parse(AgentWorld.login(blob, algorithm: "ssh-rsa")) == nil)
        #expect(parse(AgentWorld.login(blob, algorithm: "rsa-sha2-256")) == nil)
        #expect(parse(AgentWorld.login(blob, method: "hostbased")) == nil)
        #expect(parse(AgentWorld.login(blob, session: [])) == nil)
        #expect(parse(AgentWorld.login(blob, user: "")) == nil)
        #expect(parse(AgentWorld.login(blob, user: "a\nb")) == nil)
        let long = [UInt8](repeating: 1, count: AgentLimits.sessionByteCount + 1)
        #expect(parse(AgentWorld.login(blob, session: long)) == nil)
        // Each method has its own fields.
        #expect(parse(AgentWorld.login(blob, hostKey: [9])) == nil)
        let bound = AgentWorld.login(blob, method: "publickey-hostbound-v00@openssh.com")
        #expect(parse(bound) == nil)
    }

    @Test func `reads an SSHSIG and refuses everything near it`() {
        let whole = AgentWorld.signature()
        #expect(SSHSignatureContent(whole)?.namespace == "file")
        for count in 0..<whole.count {
            #expect(SSHSignatureContent(Array(whole.prefix(count))) == nil)
        }
        #expect(SSHSignatureContent(whole + [0]) == nil)
        #expect(SSHSignatureContent(AgentWorld.signature(namespace: "")) == nil)
        #expect(SSHSignatureContent(AgentWorld.signature(namespace: "a b")) == nil)
        #expect(SSHSignatureContent(AgentWorld.signature(reserved: "x")) == nil)
        #expect(SSHSignatureContent(AgentWorld.signature(hash: "sha1")) == nil)
        #expect(SSHSignatureContent(AgentWorld.signature(hash: "sha256")) == nil)
        #expect(SSHSignatureContent(AgentWorld.signature(hash: "sha3-512")) == nil)
        // Free is the namespace's text and the digest.
        let free = Set(10..<14).union((whole.count - 64)..<whole.count)
        for index in whole.indices where !free.contains(index) {
            for bit in 0..<8 {
                var changed = whole
                changed[index] ^= 1 << bit
                #expect(SSHSignatureContent(changed) == nil, "byte \(index), bit \(bit)")
            }
        }
    }
}
