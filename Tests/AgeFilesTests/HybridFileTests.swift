import CryptoCore
import DurableFiles
import Testing

@testable import AgeFiles

struct HybridFileTests {
    @Test(arguments: [1, 2, AgeHeader.largestStanzaCount])
    func `opens files for post-quantum recipients`(_ count: Int) throws {
        var recipients: [any AgeRecipient] = []
        let kind = AgeHybrid()
        let made = try kind.makeIdentity()
        let other = try kind.recipient(try kind.makeIdentity().recipient)
        for _ in 1..<count { recipients.append(other) }
        // Second, so that one stanza is tried in vain, and not a thousand.
        recipients.insert(try kind.recipient(made.recipient), at: min(1, count - 1))
        let content = Array("hello".utf8)
        let sink = ArraySink()
        try AgeFile.encrypt(ArraySource(content), to: sink, for: recipients)
        let reader = try AgeReader(ArraySource(sink.bytes))
        #expect(reader.header.stanzas.count == count)
        let read = kind.identity(made.text.bytes)
        let identity = try #require(read)
        let opening = try reader.open([identity])
        guard let opening else {
            Issue.record("the file does not open")
            return
        }
        #expect(opening.stanzaIndex == min(1, count - 1))
        let plain = ArraySink()
        try reader.decrypt(opening.fileKey.bytes, to: plain)
        #expect(plain.bytes == content)
    }

    @Test func `refuses stanzas that are damaged`() throws {
        let kind = AgeHybrid()
        let made = try kind.makeIdentity()
        let read = kind.identity(made.text.bytes)
        let identity = try #require(read)
        let fileKey = [UInt8](repeating: 7, count: AgeHeader.fileKeyByteCount)
        let good = try kind.recipient(made.recipient).wrap(fileKey.borrowedBytes)
        let argument = good.arguments[0]
        let damaged = [
            AgeStanza(type: good.type, arguments: [], body: good.body),
            AgeStanza(type: good.type, arguments: [argument, "x"], body: good.body),
            AgeStanza(type: good.type, arguments: [String(argument.dropLast(4))], body: good.body),
            AgeStanza(type: good.type, arguments: [argument + "AAAA"], body: good.body),
            AgeStanza(type: good.type, arguments: [argument], body: Array(good.body.dropLast())),
            AgeStanza(type: good.type, arguments: [argument], body: good.body + [0]),
        ]
        for stanza in damaged {
            #expect(throws: AgeError.self) { _ = try identity.unwrap(stanza) }
        }
        let other = AgeStanza(type: "X25519", arguments: good.arguments, body: good.body)
        let opened = try identity.unwrap(other)?.publicBytes
        #expect(opened == nil)
    }
}
