import CryptoCore
import Stanzas
import Testing

struct StanzaReaderTests {
    private static let limits = StanzaLimits(
        lineByteCount: 80,
        argumentCount: 4,
        bodyByteCount: 1 << 12
    )

    private static func read(_ text: String) throws -> [Stanza] {
        var reader = StanzaReader(limits)
        let stanzas = try reader.read(Array(text.utf8).borrowedBytes)
        let isComplete = reader.isBetweenStanzas
        #expect(isComplete)
        return stanzas
    }

    @Test(arguments: [0, 1, 2, 3, 47, 48, 49, 95, 96, 97, 1_000, 4_096])
    func `reads what was written, in pieces of any size`(count: Int) throws {
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let written = Stanza("file", ["a", "b/+"], body: StanzaBody(body))
        let bytes = written.encoded().publicBytes
        for piece in [1, 7, 64, bytes.count] {
            var reader = StanzaReader(StanzaReaderTests.limits)
            var read: [Stanza] = []
            for start in stride(from: 0, to: bytes.count, by: piece) {
                let part = Array(bytes[start..<min(start + piece, bytes.count)])
                read += try reader.read(part.borrowedBytes)
            }
            let isComplete = reader.isBetweenStanzas
            #expect(isComplete)
            #expect(read.count == 1)
            #expect(read.first?.type == "file")
            #expect(read.first?.arguments == ["a", "b/+"])
            #expect(read.first?.body.publicBytes == body)
            // The same text as the base64 of CryptoCore.
            let text = String(decoding: bytes, as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.dropFirst().joined() == Base64.encode(body, padded: false))
        }
    }

    @Test func `reads several stanzas of one piece`() throws {
        let stanzas = try StanzaReaderTests.read("-> ok\n\n-> error internal\naGVsbG8\n")
        #expect(stanzas.map(\.type) == ["ok", "error"])
        #expect(stanzas.last?.body.publicBytes == Array("hello".utf8))
    }

    @Test(arguments: [
        "ok\n", "->\n", "-> \n", "->  ok\n", "-> ok \n", "-> o\u{7}k\n", "-> ök\n", "\n",
        "-> ok\na\n", "-> ok\naGVsbG8=\n", "-> ok\naGVsbG9\n", "-> ok\naGVs bG8\n", "-> ok\n*\n",
        "-> a 1 2 3 4\n",
    ])
    func `refuses what is no stanza`(text: String) {
        #expect(throws: StanzaError.self) { try StanzaReaderTests.read(text) }
    }

    @Test func `refuses a line, a body and an argument that are too large, early`() {
        let long = String(repeating: "a", count: 81)
        #expect(throws: StanzaError.self) { try StanzaReaderTests.read("-> " + long) }
        #expect(throws: StanzaError.self) {
            try StanzaReaderTests.read("-> ok\n" + long.prefix(65))
        }
        let line = String(repeating: "A", count: 64) + "\n"
        let body = String(repeating: line, count: 86)
        #expect(throws: StanzaError.self) { try StanzaReaderTests.read("-> ok\n" + body) }
    }

    @Test func `knows that a stanza is not complete`() throws {
        for text in ["-", "-> ok\n", "-> ok\naGVs"] {
            var reader = StanzaReader(StanzaReaderTests.limits)
            let stanzas = try reader.read(Array(text.utf8).borrowedBytes)
            #expect(stanzas.isEmpty)
            let isComplete = reader.isBetweenStanzas
            #expect(!isComplete)
        }
    }
}
