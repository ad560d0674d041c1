internal import CryptoCore
internal import KeyFormats
internal import KeyOperations
internal import PluginWire
internal import Stanzas

@testable import PluginHost

/// Targets for what plugins write: frames, the conversation, and the file of trusted programs.
enum PluginTargets {
    static let all = [frames, conversation, trusted]

    /// Read whole and byte by byte: the same frames, which encode to the same bytes.
    private static let frames = FuzzTarget("plugin-frames", seeds: frameSeeds) { bytes in
        var whole = StanzaReader(PluginLimits.frame)
        let stanzas = try whole.read(bytes.borrowedBytes)
        var single = StanzaReader(PluginLimits.frame)
        var again: [UInt8] = []
        for byte in bytes {
            for stanza in try single.read([byte].borrowedBytes) {
                again += stanza.encoded().publicBytes
            }
        }
        let encoded = stanzas.flatMap { $0.encoded().publicBytes }
        try FuzzFault.require(encoded == again, "pieces read as other frames")
        try FuzzFault.require(bytes.starts(with: encoded), "a frame encodes to other bytes")
        return stanzas.isEmpty ? nil : encoded
    }

    /// The first byte chooses a request; the rest is what the plugin writes.
    private static let conversation = FuzzTarget("plugin-host", seeds: hostSeeds) { bytes in
        guard let choice = bytes.first, let name = PluginName("hello") else { return nil }
        let request = requests[Int(choice) % requests.count]
        var reader = StanzaReader(PluginLimits.frame)
        var host = HostConversation(with: name)
        _ = host.greet()
        var content: [UInt8] = [choice]
        for stanza in try reader.read(Array(bytes.dropFirst()).borrowedBytes) {
            content += stanza.encoded().publicBytes
            switch try host.receive(stanza) {
            case nil: continue
            case .greeted: _ = host.begin(request)
            case .ask(.confirm): _ = host.answer(.confirmed(true))
            case .ask(.askSecret): _ = host.answer(.cancel)
            case .ask(.askPublic), .ask(.sign): _ = host.answer(.given(StanzaBody([1])))
            case .ask(.unknown): _ = host.answer(.unsupported)
            case .ask(.message), .ask(.progress): _ = host.answer(.shown)
            case .done, .refused, .probed: return content
            }
        }
        return nil
    }

    private static let trusted = FuzzTarget("plugin-trust", seeds: trustSeeds) { bytes in
        let book = try TrustBook(bytes, path: "trusted")
        try FuzzFault.require(book.encoded == bytes, "it encodes to other bytes")
        return bytes
    }

    // MARK: Requests and seeds

    private static let hello = "hello"
    private static let digest = [UInt8](repeating: 7, count: 32)

    private static let requests: [PluginRequest] = {
        guard let id = OfferID(hello) else { preconditionFailure("an id") }
        return [
            .list(place: nil), .open(reference: [1]), .sign(reference: [1], .statement([1])),
            .unwrap(reference: [1], ciphertext: [1], label: []), .delete(reference: [1]),
            .readKeys(id, file: .empty), .writePublicKey(id, [1], comment: nil),
            .makeSignature(id, digest: digest, namespace: nil, signer: [1]),
            .readSignature(id, digest: digest, namespace: nil, file: [1]),
            .secret(id, identity: "alice", prompt: "Passphrase"), .exportFiles(id, keys: []),
        ]
    }()

    private static func encoded(_ stanzas: [Stanza]) -> [UInt8] {
        stanzas.flatMap { $0.encoded().publicBytes }
    }

    private static let greeting = [
        Stanza("hello", ["1", "0.1"]),
        Stanza("offer", ["format-v1", "hello", "txt", "text"], body: StanzaBody([65])),
        Stanza("offer", ["later-v9", "hello"], body: StanzaBody([65])), Stanza("ok"),
    ]

    @Sendable private static func frameSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let body = StanzaBody([UInt8](repeating: 1, count: 100))
        return [encoded(greeting), encoded([Stanza("file", ["aGk"], body: body), Stanza("ok")])]
    }

    @Sendable private static func hostSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let ok = Stanza("ok")
        let key = try KeyDescription(
            reference: [1],
            confirmation: .prompt,
            allowsUnattendedUse: false,
            operations: [.unwrap, .signStatement],
            publicKey: FuzzKeys.alice.publicKey.spkiDERRepresentation()
        ).stanza
        let text = StanzaBody(Array("text".utf8))
        let signed = StanzaBody([1] + digest)
        let answers: [[Stanza]] = [
            [key, key, ok], [Stanza("progress", ["1", "2"], body: text), key, ok],
            [Stanza("signature", body: text), ok], [Stanza("secret", body: text), ok], [ok],
            [
                Stanza("public-key", ["YQ"], body: text), Stanza("private-key", body: text), ok,
            ],
            [Stanza("message", body: text), Stanza("file", body: text), ok],
            [Stanza("sign", ["pss-sha512"], body: signed), Stanza("file", body: text), ok],
            [
                Stanza("signed", ["pkcs1-sha256", "YQ"], body: signed),
                Stanza("signer", body: text), ok,
            ],
            [
                Stanza("ask-secret", body: text), Stanza("confirm", ["YQ", "Yg"], body: text),
                Stanza("error", ["cancelled"], body: text),
            ],
            [
                Stanza("file", ["aGVsbG8vYQ"], body: text), Stanza("ask-public"),
                Stanza("later", ["x"]), ok,
            ],
        ]
        return answers.indices.map { [UInt8($0)] + encoded(greeting + answers[$0]) }
    }

    @Sendable private static func trustSeeds(_ world: FuzzWorld) throws -> [[UInt8]] {
        let digest = String(repeating: "0f", count: 32)
        let time = "2026-11-21T12:00:00Z"
        return [
            """
            keyctl-plugins v1
            program keyctl-plugin-hello \(digest) \(time) alice A,B 0.1 L2E=
            offer dA== export-v1 hello
            offer dA== format-v1 hello-text txt read-public text
            program keyctl-tool \(digest) \(time) - - - L2E=
            bind alice hello

            """, "keyctl-plugins v1\n",
        ].map { Array($0.utf8) }
    }
}
