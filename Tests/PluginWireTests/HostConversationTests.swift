import CryptoCore
import KeyOperations
import PluginWire
import Stanzas
import Testing

/// The host's machine, told one frame after the other.
struct HostConversationTests {
    private static func ready(_ offers: [Stanza] = []) throws -> HostConversation {
        var host = HostConversation(with: Wire.name)
        #expect(host.greet().line == "-> hello 1")
        #expect(try host.receive(Stanza("hello", ["1", "0.1"])) == nil)
        for offer in offers { #expect(try host.receive(offer) == nil) }
        guard case .greeted = try host.receive(Stanza("ok")) else {
            Issue.record("not greeted")
            return host
        }
        return host
    }

    private static func offer(_ words: String..., title: String = "t") -> Stanza {
        Stanza("offer", words, body: StanzaBody(Array(title.utf8)))
    }

    @Test(arguments: [
        offer("export-v1", "other"), offer("export-v1", "echoes"), offer("export-v1", "echo-"),
        offer("export-v1", "Echo"), offer("export-v1"), offer("provider-v1", "echo-x"),
        offer("format-v1", "echo"), offer("format-v1", "echo", "../x"),
        offer("signature-v1", "echo", "md5"), offer("export-v1", "echo", title: ""),
        offer("export-v1", "echo", title: "\u{1B}[2J"), Stanza("hello", ["1", "0.1"]),
        Stanza("message"), Stanza("file"),
    ])
    func `refuses an offer that breaks a rule`(offer: Stanza) {
        #expect(throws: WireError.self) { try HostConversationTests.ready([offer]) }
    }

    @Test func `ignores capabilities of a later time, and refuses an id twice`() throws {
        let later = HostConversationTests.offer("dance-v9", "echo", "much")
        _ = try HostConversationTests.ready([later, later])
        let export = HostConversationTests.offer("export-v1", "echo")
        #expect(throws: WireError.self) { try HostConversationTests.ready([export, export]) }
    }

    @Test(arguments: ["0", "2", "01", "x"])
    func `refuses a version that it did not offer`(version: String) throws {
        var host = HostConversation(with: Wire.name)
        _ = host.greet()
        #expect(throws: WireError.self) { try host.receive(Stanza("hello", [version, "0.1"])) }
    }

    @Test func `an unknown request must be refused, and nothing else will do`() throws {
        var host = try HostConversationTests.ready()
        _ = host.probe(Stanza("grease-x"))
        guard case .probed = try host.receive(Stanza("error", ["unsupported"])) else {
            Issue.record("not probed")
            return
        }
        _ = host.probe(Stanza("grease-y"))
        #expect(throws: WireError.self) { try host.receive(Stanza("ok")) }
    }

    @Test func `refuses frames out of order`() throws {
        var idle = try HostConversationTests.ready()
        #expect(throws: WireError.self) { try idle.receive(Stanza("ok")) }
        var asking = try HostConversationTests.ready()
        _ = asking.begin(.list(place: nil))
        guard
            case .ask(.message("hi")) = try asking.receive(
                Stanza("message", body: StanzaBody(Array("hi".utf8)))
            )
        else {
            Issue.record("no question")
            return
        }
        #expect(throws: WireError.self) { try asking.receive(Stanza("ok")) }
    }

    @Test func `refuses an answer to another request, and one that is not complete`() throws {
        let signature = Stanza("signature", body: StanzaBody([1]))
        let wrong: [(PluginRequest, [Stanza])] = [
            (.list(place: nil), [signature]),
            (.sign(reference: [1], .statement([1])), [Stanza("ok")]),
            (.sign(reference: [1], .statement([1])), [signature, signature]),
            (.delete(reference: [1]), [signature]),
            (.readKeys(Wire.id("echo"), file: .empty), [Stanza("ok")]),
            (
                .secret(Wire.id("echo"), identity: "alice", prompt: ""),
                [
                    Stanza("secret", body: StanzaBody(Array("a\nb".utf8)))
                ]
            ),
            (
                .secret(Wire.id("echo"), identity: "alice", prompt: ""),
                [
                    Stanza("secret", body: StanzaBody([UInt8](repeating: 65, count: 1_025)))
                ]
            ),
        ]
        for (request, stanzas) in wrong {
            var host = try HostConversationTests.ready()
            _ = host.begin(request)
            #expect(throws: WireError.self) {
                for stanza in stanzas { _ = try host.receive(stanza) }
            }
        }
    }

    @Test(arguments: [
        ("echo", true), ("echo/a", true), ("echo/a/b.txt", true), ("other", false),
        ("echo/../a", false), ("echo/.a", false), ("echo/", false), ("/echo", false),
        ("echo/a b", false), ("", false),
    ])
    func `takes the paths of an exporter's files alone`(path: String, isGood: Bool) throws {
        var host = try HostConversationTests.ready()
        _ = host.begin(.exportFiles(Wire.id("echo"), keys: []))
        let words = path.isEmpty ? [] : [Base64.encode(Array(path.utf8), padded: false)]
        if isGood {
            #expect(try host.receive(Stanza("file", words)) == nil)
        } else {
            #expect(throws: WireError.self) { try host.receive(Stanza("file", words)) }
        }
    }

    @Test func `an exporter's file is no folder, too`() throws {
        for paths in [["echo", "echo/a"], ["echo/a", "echo/a/b"], ["echo/a", "echo/a"]] {
            var host = try HostConversationTests.ready()
            _ = host.begin(.exportFiles(Wire.id("echo"), keys: []))
            for path in paths {
                let word = Base64.encode(Array(path.utf8), padded: false)
                #expect(try host.receive(Stanza("file", [word])) == nil)
            }
            #expect(throws: WireError.self) { try host.receive(Stanza("ok")) }
        }
    }

    @Test func `signs only bytes with the digest, once, in signature-make`() throws {
        let digest = [UInt8](repeating: 7, count: 64)
        let request = PluginRequest.makeSignature(
            Wire.id("echo-sig"),
            digest: digest,
            namespace: nil,
            signer: [1]
        )
        func sign(_ bytes: [UInt8], _ scheme: String) -> Stanza {
            Stanza("sign", [scheme], body: StanzaBody(bytes))
        }
        let refused = [
            sign(Array(digest.dropLast()), "pss-sha512"), sign(digest, "pss-sha384"),
            sign(digest, "pss-sha3-512"), sign([], "pss-sha512"),
        ]
        for stanza in refused {
            var host = try HostConversationTests.ready()
            _ = host.begin(request)
            #expect(throws: WireError.self) { try host.receive(stanza) }
        }
        var elsewhere = try HostConversationTests.ready()
        _ = elsewhere.begin(.list(place: nil))
        #expect(throws: WireError.self) { try elsewhere.receive(sign(digest, "pss-sha512")) }
        var twice = try HostConversationTests.ready()
        _ = twice.begin(request)
        _ = try twice.receive(sign([1] + digest + [2], "pss-sha512"))
        _ = twice.answer(.given(StanzaBody([9])))
        #expect(throws: WireError.self) { try twice.receive(sign(digest, "pss-sha512")) }
    }

    @Test func `an endless answer ends`() throws {
        var host = try HostConversationTests.ready()
        _ = host.begin(.list(place: nil))
        #expect(throws: WireError.self) {
            for _ in 0...PluginLimits.frameCount {
                guard try host.receive(Stanza("message")) != nil else { return }
                _ = host.answer(.shown)
            }
        }
    }

    @Test func `after cancel there is no ok`() throws {
        var host = try HostConversationTests.ready()
        _ = host.begin(.list(place: nil))
        _ = try host.receive(Stanza("ask-public"))
        _ = host.answer(.cancel)
        #expect(throws: WireError.self) { try host.receive(Stanza("ok")) }
    }
}
