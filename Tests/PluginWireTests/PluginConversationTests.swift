import CryptoCore
import KeyOperations
import PluginWire
import Stanzas
import Testing

/// Both machines, talking to each other.
struct PluginConversationTests {
    private static let greeting = PluginGreeting(software: "1.0", offers: EchoPlugin().offers)

    private static let requests: [PluginRequest] = [
        .generate(bitCount: 3072, label: "alice v1", place: nil),
        .generate(bitCount: 3072, label: "alice v1", place: "slot 1"),
        .list(place: "slot 1"), .open(reference: [0, 255]), .delete(reference: [1]),
        .sign(reference: [1], .statement([1, 2])),
        .sign(reference: [1], .digest([UInt8](repeating: 1, count: 64), .pkcs1(.sha512))),
        .unwrap(reference: [1], ciphertext: [1, 2], label: []),
        .unwrap(reference: [1], ciphertext: [1, 2], label: [3]),
        .readKeys(Wire.id("echo-file"), file: StanzaBody([1])),
        .writePublicKey(Wire.id("echo-file"), [1], comment: nil),
        .writePrivateKey(Wire.id("echo-file"), StanzaBody([1]), comment: "é"),
        .makeSignature(Wire.id("echo-sig"), digest: [1], namespace: "file", signer: [2]),
        .readSignature(Wire.id("echo-sig"), digest: [1], namespace: nil, file: [2]),
        .secret(Wire.id("echo"), identity: "alice", prompt: "Passphrase for alice"),
        .exportFiles(Wire.id("echo"), keys: [1]),
    ]

    private static func isSame(_ a: Stanza, _ b: Stanza) -> Bool {
        a.encoded().publicBytes == b.encoded().publicBytes
    }

    @Test func `each request is read as it was written, with arguments of a later time`() throws {
        for request in PluginConversationTests.requests {
            let read = try PluginRequest(request.stanza)
            let again = try #require(read)
            #expect(PluginConversationTests.isSame(again.stanza, request.stanza))
        }
    }

    @Test func `the greeting is read as it was written`() throws {
        var host = HostConversation(with: Wire.name)
        var plugin = PluginConversation(PluginConversationTests.greeting)
        guard case .reply(let stanzas) = try plugin.receive(host.greet()) else {
            Issue.record("no greeting")
            return
        }
        var last: HostConversation.Action?
        for stanza in stanzas { last = try host.receive(stanza) }
        guard case .greeted(let greeting) = last else {
            Issue.record("not greeted")
            return
        }
        #expect(greeting == PluginConversationTests.greeting)
    }

    @Test func `the plugin refuses what it does not know`() throws {
        var plugin = PluginConversation(PluginGreeting(software: "1", offers: []))
        guard case .reply(let first) = try plugin.receive(Stanza("hello", ["7"])) else {
            Issue.record("no reply")
            return
        }
        #expect(first.map(\.line) == ["-> error unsupported"])
        _ = try plugin.receive(Stanza("hello", ["7", "1"]))
        let unknown = [Stanza("grease"), PluginRequest.list(place: nil).stanza]
        for stanza in unknown {
            guard case .reply(let reply) = try plugin.receive(stanza) else {
                Issue.record("no reply")
                return
            }
            #expect(reply.map(\.line) == ["-> error unsupported"])
        }
    }

    @Test func `each key survives its frame`() throws {
        let key = KeyDescription(
            reference: [1, 2],
            confirmation: .touch,
            allowsUnattendedUse: false,
            operations: [.signStatement, .signDigest(.pkcs1(.sha512)), .unwrap],
            publicKey: [3]
        )
        var host = HostConversation(with: Wire.name)
        _ = host.greet()
        _ = try host.receive(Stanza("hello", ["1", "1"]))
        _ = try host.receive(Stanza("ok"))
        _ = host.begin(.open(reference: [1, 2]))
        _ = try host.receive(key.stanza)
        guard case .done(let data) = try host.receive(Stanza("ok")), case .key(let read) = data[0]
        else {
            Issue.record("no key")
            return
        }
        #expect(read == key)
    }
}
