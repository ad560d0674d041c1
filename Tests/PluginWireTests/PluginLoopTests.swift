import CryptoCore
import Stanzas
import Testing

@testable import PluginWire

/// The run loop, with a script of the host's frames.
struct PluginLoopTests {
    private final class Output {
        var stanzas: [Stanza] = []
        var reader = StanzaReader(PluginLimits.frame)

        func take(_ bytes: RawSpan) throws { stanzas += try reader.read(bytes) }
    }

    private static func run(_ frames: [Stanza], cut: Int = 0) throws -> [String] {
        var bytes = frames.flatMap { $0.encoded().publicBytes }
        bytes.removeLast(cut)
        let output = Output()
        var position = 0
        let loop = PluginLoop(
            EchoPlugin(),
            input: { take in
                guard position < bytes.count else { return false }
                let part = Array(bytes[position..<min(position + 10, bytes.count)])
                position += part.count
                try take(part.borrowedBytes)
                return true
            },
            output: { try output.take($0) }
        )
        try loop.run()
        return output.stanzas.dropFirst(7).map(\.line)
    }

    private static let hello = Stanza("hello", ["1"])
    private static let secret = PluginRequest.secret(
        Wire.id("echo"),
        identity: "alice",
        prompt: "Passphrase"
    )

    @Test func `answers questions in order`() throws {
        let pin = Stanza("ok", body: StanzaBody(Array("1234".utf8)))
        let lines = try PluginLoopTests.run([
            PluginLoopTests.hello, PluginLoopTests.secret.stanza, Stanza("ok"), pin,
        ])
        #expect(lines == ["-> message", "-> ask-secret", "-> secret", "-> ok"])
    }

    @Test func `cancel closes the request, and the next one is answered`() throws {
        let lines = try PluginLoopTests.run([
            PluginLoopTests.hello, PluginLoopTests.secret.stanza, Stanza("ok"), Stanza("cancel"),
            PluginRequest.delete(reference: [1]).stanza, Stanza("unknown", ["x"]),
        ])
        #expect(
            lines == [
                "-> message", "-> ask-secret", "-> error cancelled", "-> error not-found",
                "-> error unsupported",
            ]
        )
    }

    @Test func `a request with a wrong form is refused, and the next one is answered`() throws {
        let lines = try PluginLoopTests.run([
            PluginLoopTests.hello, Stanza("provider-open", ["*"]),
            PluginRequest.delete(reference: [1]).stanza,
        ])
        #expect(lines == ["-> error invalid", "-> error not-found"])
    }

    @Test func `an input that ends in a frame is an error`() {
        #expect(throws: WireError.self) {
            try PluginLoopTests.run([PluginLoopTests.hello, Stanza("x")], cut: 1)
        }
    }
}
