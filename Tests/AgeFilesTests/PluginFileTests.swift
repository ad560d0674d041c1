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
            return SecretBytes(copying: stanza.body.map { $0 ^ 7 }.borrowedBytes)
        }
    }

    private final class Sink: ByteSink {
        var bytes: [UInt8] = []
        func write(_ piece: RawSpan) throws { bytes += SecretBytes(copying: piece).publicBytes }
    }

    private final class Source: ByteSource {
        private var bytes: [UInt8]
        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func read(into room: inout MutableRawSpan) throws -> Int {
            let piece = Array(bytes.prefix(room.byteCount))
            room.copy(piece.borrowedBytes, to: 0)
            bytes.removeFirst(piece.count)
            return piece.count
        }
    }

    private func plugin(_ name: String, _ data: [UInt8] = []) throws -> AgePlugin.Identity {
        AgePlugin.Identity(try AgePluginName(name), data: data)
    }

    private func recipient(_ name: String, _ data: [UInt8] = []) throws -> any AgeRecipient {
        try #require(try plugin(name, data).makeRecipient())
    }

    private func encrypt(_ recipients: [any AgeRecipient], _ runner: Runner) throws -> [UInt8] {
        let sink = Sink()
        try AgeFile.encrypt(Source([1, 2, 3]), to: sink, for: recipients, plugins: runner)
        return sink.bytes
    }

    @Test func `recipients of one plugin share a conversation, and so do identities`() throws {
        let runner = Runner()
        let own = try AgeX25519.Identity(secret: SecretBytes.random(count: 32).bytes)
        let all = try [recipient("a"), own.recipient, recipient("b"), recipient("a", [1])]
        let file = try encrypt(all, runner)
        #expect(runner.wrapCount == 2)
        let reader = try AgeReader(Source(file))
        #expect(reader.header.stanzas.map(\.type) == ["xor", "xor", "X25519", "xor"])
        let opening = try reader.open([plugin("a"), plugin("a", [1])], plugins: runner)
        #expect(opening?.identityIndex == 0)
        #expect(runner.unwrapCount == 1)
        let again = try AgeReader(Source(file)).open([own], plugins: runner)
        #expect(again?.stanzaIndex == 2)
    }

    @Test func `a file key that the plugin made up is refused`() throws {
        let runner = Runner()
        let file = try encrypt([recipient("a"), recipient("b")], runner)
        var bytes = file
        let changed = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 12 })
        bytes[changed] = bytes[changed] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        #expect(throws: AgeError.self) {
            _ = try AgeReader(Source(bytes)).open([plugin("a")], plugins: runner)?.identityIndex
        }
    }

    @Test func `all recipients have the same labels`() throws {
        let runner = Runner()
        let own = try AgeX25519.Identity(secret: SecretBytes.random(count: 32).bytes)
        runner.labels = ["x"]
        #expect(throws: AgeError.self) { _ = try encrypt([recipient("a"), own.recipient], runner) }
        _ = try encrypt([recipient("a"), recipient("b")], runner)
        runner.labels = ["postquantum"]
        let seed = try SecretBytes.random(count: 32)
        let hybrid = try AgeHybrid.Identity(seed: seed.bytes)
        _ = try encrypt([recipient("a"), hybrid.recipient], runner)
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
