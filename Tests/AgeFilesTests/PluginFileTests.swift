import CryptoCore
import DurableFiles
import Testing

@testable import AgeFiles

/// Files for recipients of plugins, with a runner that starts no program.
struct PluginFileTests {
    /// Wraps a file key by XOR, one stanza a recipient, and counts its conversations.
    private final class Runner: AgePluginRunner {
        var wrapCount = 0
        var unwrapCount = 0
        var labels: Set<String> = []
        var type = "xor"

        func wrap(_ fileKey: RawSpan, for recipients: [AgePlugin.Recipient]) throws -> AgeWrapping {
            wrapCount += 1
            let body = SecretBytes(copying: fileKey).publicBytes.map { $0 ^ 7 }
            let stanza = AgeStanza(type: type, arguments: [], body: body)
            return AgeWrapping(stanzas: recipients.map { _ in stanza }, labels: labels)
        }

        func unwrap(
            _ stanzas: [AgeStanza],
            with identities: [AgePlugin.Identity]
        ) throws -> SecretBytes? {
            unwrapCount += 1
            guard let stanza = stanzas.first(where: { $0.type == "xor" }) else { return nil }
            let fileKey = stanza.body.map { $0 ^ 7 }
            return SecretBytes(copying: fileKey.borrowedBytes)
        }
    }

    /// Which identity opened a file, and which stanza.
    private func indices(
        _ file: [UInt8],
        _ identities: [any AgeIdentity],
        _ runner: Runner
    ) throws -> [Int?] {
        let reader = try AgeReader(ArraySource(file))
        guard let opening = try reader.open(identities, plugins: runner) else { return [] }
        return [opening.identityIndex, opening.stanzaIndex]
    }

    private let secret = [UInt8](repeating: 3, count: 32)

    private func plugin(_ name: String, _ data: [UInt8] = []) throws -> AgePlugin.Identity {
        AgePlugin.Identity(try AgePluginName(name), data: data)
    }

    private func recipient(_ name: String, _ data: [UInt8] = []) throws -> any AgeRecipient {
        try #require(try plugin(name, data).makeRecipient())
    }

    private func encrypt(_ recipients: [any AgeRecipient], _ runner: Runner) throws -> [UInt8] {
        let sink = ArraySink()
        try AgeFile.encrypt(ArraySource([1, 2, 3]), to: sink, for: recipients, plugins: runner)
        return sink.bytes
    }

    @Test func `recipients of one plugin share a conversation, and so do identities`() throws {
        let runner = Runner()
        let own = try AgeX25519.Identity(secret: secret.borrowedBytes)
        let all = try [recipient("a"), own.recipient, recipient("b"), recipient("a", [1])]
        let file = try encrypt(all, runner)
        #expect(runner.wrapCount == 2)
        let reader = try AgeReader(ArraySource(file))
        #expect(reader.header.stanzas.map(\.type) == ["xor", "xor", "X25519", "xor"])
        let both = try [plugin("a"), plugin("a", [1])]
        let byPlugin = try indices(file, both, runner)
        #expect(byPlugin == [0, nil])
        #expect(runner.unwrapCount == 1)
        let byKey = try indices(file, [own], runner)
        #expect(byKey == [0, 2])
    }

    @Test func `a file key that the plugin made up is refused`() throws {
        let runner = Runner()
        let file = try encrypt([recipient("a"), recipient("b")], runner)
        var bytes = file
        // The first character of the first stanza's body.
        let changed = AgeHeader.versionLine.utf8.count + "\n-> xor\n".utf8.count
        bytes[changed] = bytes[changed] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        #expect(throws: AgeError.self) {
            _ = try indices(bytes, [plugin("a")], runner)
        }
    }

    @Test func `all recipients have the same labels`() throws {
        let runner = Runner()
        let own = try AgeX25519.Identity(secret: secret.borrowedBytes)
        runner.labels = ["x"]
        #expect(throws: AgeError.self) { _ = try encrypt([recipient("a"), own.recipient], runner) }
        _ = try encrypt([recipient("a"), recipient("b")], runner)
        runner.labels = ["postquantum"]
        let hybrid = try AgeHybrid.Identity(seed: secret.borrowedBytes)
        _ = try encrypt([recipient("a"), hybrid.recipient], runner)
    }

    @Test func `identities as recipients are told apart by their whole hash`() throws {
        let recipients = try [recipient("a"), recipient("a", [1]), recipient("a", [1])]
        #expect(Set(recipients.map(\.distinctText)).count == 2)
        // The short mark is only shown.
        let hash = recipients[0].distinctText.split(separator: "(")[1].dropLast()
        #expect(hash.count == 64)
        #expect(recipients[0].text.contains(hash.prefix(8)))
        #expect(recipients[0].text.count < recipients[0].distinctText.count)
    }

    @Test func `a stanza for a passphrase stays alone`() throws {
        let runner = Runner()
        runner.type = "scrypt"
        _ = try encrypt([recipient("a")], runner)
        #expect(throws: AgeError.self) {
            _ = try encrypt([recipient("a"), recipient("b")], runner)
        }
    }
}
