import AgeFiles
import CryptoCore
import Failures
import Testing

@testable import AgePlugins

struct PluginFrameTests {
    private func texts(
        _ bytes: [UInt8],
        pieceByteCount: Int = .max,
        limits: PluginFrameLimits = .host
    ) throws -> [String] {
        var reader = PluginFrameReader(limits)
        var found: [String] = []
        var rest = bytes[...]
        while true {
            while let frame = try reader.next() {
                found.append(
                    ([frame.type] + frame.arguments).joined(separator: " ") + "|" + frame.text
                )
            }
            guard !rest.isEmpty else { break }
            let piece = Array(rest.prefix(pieceByteCount))
            rest = rest.dropFirst(piece.count)
            reader.add(piece.borrowedBytes)
        }
        return found
    }

    private func message(_ text: String) -> String? {
        do { _ = try texts(Array(text.utf8)) } catch { return (error as? AgePluginError)?.message }
        return nil
    }

    @Test func `reads what it writes, whole and byte by byte`() throws {
        var writer = PluginFrameWriter()
        var expected: [String] = []
        for count in [0, 1, 2, 3, 47, 48, 49, 96, 1000] {
            let text = String(repeating: "x", count: count)
            writer.add(PluginFrame("command-\(count)", ["a", "b"], text: text))
            expected.append("command-\(count) a b|\(text)")
        }
        writer.add("done")
        expected.append("done|")
        let bytes = writer.finish().publicBytes
        #expect(try texts(bytes) == expected)
        #expect(try texts(bytes, pieceByteCount: 1) == expected)
        #expect(try texts(bytes, pieceByteCount: 65) == expected)
    }

    @Test func `writes stanzas as the specification shows them`() {
        let bytes = PluginFrameWriter.bytes(
            PluginFrame("ok", ["yes"], text: String(repeating: "a", count: 49))
        )
        let expected = "-> ok yes\n" + String(repeating: "YWFh", count: 16) + "\nYQ\n"
        let written = bytes.publicBytes
        #expect(written == Array(expected.utf8))
        let empty = PluginFrameWriter.bytes(PluginFrame("done")).publicBytes
        #expect(empty == Array("-> done\n\n".utf8))
    }

    @Test(arguments: [
        "hello\n\n", "->\n\n", "-> \n\n", "->  a\n\n", "-> a  b\n\n", "-> a \n\n", "-> ä\n\n",
        "-> a\tb\n\n", "-> a\r\n\n", "--- x\n", "\n",
    ])
    func `refuses a first line that is none of a stanza`(_ text: String) {
        #expect(message(text) == AgePluginError.badHeading.message)
    }

    @Test(arguments: [
        "-> a\nYQ==\n", "-> a\nYR\n", "-> a\nY\n", "-> a\nY Q\n", "-> a\n YQ\n", "-> a\nYQ\r\n",
        "-> a\nY-\n",
    ])
    func `refuses a body that is not canonical base64`(_ text: String) {
        #expect(message(text) == AgePluginError.badBody.message)
    }

    @Test func `refuses a line that is too long`() {
        let text = "-> a\n" + String(repeating: "A", count: 65) + "\n"
        #expect(message(text) == AgePluginError.badBody.message)
    }

    @Test func `reads the largest body, and refuses a larger one`() throws {
        let largest = [UInt8](repeating: 7, count: PluginFrameLimits.host.bodyByteCount)
        let body = SecretBytes(copying: largest.borrowedBytes)
        let bytes = PluginFrameWriter.bytes(PluginFrame("a", body: body)).publicBytes
        #expect(try texts(bytes).count == 1)
        let larger = SecretBytes(copying: (largest + [7]).borrowedBytes)
        let more = PluginFrameWriter.bytes(PluginFrame("a", body: larger)).publicBytes
        #expect(throws: AgePluginError.self) { _ = try texts(more) }
    }

    @Test func `refuses a first line without end and messages without end`() {
        let heading = "-> " + String(repeating: "a", count: PluginFrameLimits.host.headingByteCount)
        #expect(message(heading) == AgePluginError.largeHeading.message)
        let frames = String(repeating: "-> a\n\n", count: PluginFrameLimits.host.frameCount + 1)
        #expect(message(frames) == AgePluginError.tooMany.message)
    }

    @Test func `refuses more bytes than a conversation may have`() {
        let body = "-> a\n" + String(repeating: "A", count: 40) + "\n"
        let count = PluginFrameLimits.host.totalByteCount / (64 << 10) + 1
        let large = [UInt8](repeating: 7, count: 48 << 10)
        let frame = PluginFrameWriter.bytes(
            PluginFrame("a", body: SecretBytes(copying: large.borrowedBytes))
        ).publicBytes
        #expect(message(body) == nil)
        let all = String(decoding: frame, as: UTF8.self)
        #expect(message(String(repeating: all, count: count)) == AgePluginError.tooMuch.message)
    }

    @Test func `a plugin reads every stanza that a file may have`() throws {
        let words = String(repeating: "a", count: AgeHeader.largestByteCount - 20)
        let stanza = AgeStanza(type: words, arguments: [], body: [])
        let body = [UInt8](repeating: 7, count: AgeHeader.largestByteCount * 3 / 4)
        var writer = PluginFrameWriter()
        writer.add("recipient-stanza", index: 99, stanza)
        writer.add("recipient-stanza", index: 99, AgeStanza(type: "a", arguments: [], body: body))
        let bytes = writer.finish().publicBytes
        #expect(try texts(bytes, pieceByteCount: 64 << 10, limits: .plugin).count == 2)
    }

    @Test func `grease is a message that can be read`() throws {
        for first in 0..<6 {
            for body in [UInt8(0), 1] {
                var bytes = [UInt8](repeating: 99, count: 116)
                bytes[0] = UInt8(first)
                bytes[4] = body
                var writer = PluginFrameWriter()
                PluginGrease(bytes).add(to: &writer)
                let found = try texts(writer.finish().publicBytes)
                #expect(found.count == (first % 3 == 0 ? 0 : 1))
                #expect(found.allSatisfy { $0.hasPrefix("grease-6363636363636363") })
            }
        }
        _ = try PluginGrease()
    }
}
