import CryptoCore
import KeyFormats
import Registry
import TestSupport
import Testing

/// Lines of a registry's log.
struct StatementTests {
    @Test func `a line has one spelling`() throws {
        let keys = TestKeys.all
        let id = SHA256Digest(hashing: try keys[0].publicKey.spkiDERRepresentation())
        let line = try Rotation.statement(
            id: id,
            from: 1,
            previous: id,
            old: keys[0],
            new: keys[1],
            expires: nil,
            time: Timestamp(seconds: 1_750_000_000)
        ).line
        #expect(try Statement(line: line).line == line)
        let text = String(decoding: line, as: UTF8.self)
        for changed in [
            text + " ", " " + text, text.replacing("rotate ", with: "rotate  "),
            text.replacing("from=1", with: "from=01"), text.replacing("from=1", with: "from=+1"),
            text.replacing("expires=-", with: "expires= "), text.replacing("id=", with: "ID="),
            text + "\r", text.replacing("rotate", with: "rotäte"), "",
        ] {
            #expect(throws: RegistryError.self) { _ = try Statement(line: Array(changed.utf8)) }
        }
    }
}
