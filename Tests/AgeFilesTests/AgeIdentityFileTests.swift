import CryptoCore
import Failures
import Testing

@testable import AgeFiles

struct AgeIdentityFileTests {
    private static func line(_ kind: any AgeKeyKind) throws -> String {
        let made = try kind.makeIdentity()
        return String(decoding: made.text.publicBytes, as: UTF8.self)
    }

    private static func failure(_ text: String) -> AgeError? {
        let bytes = Array(text.utf8)
        do throws(AgeError) {
            _ = try AgeIdentityFile.identities(in: bytes.borrowedBytes, name: "keys")
        } catch { return error }
        return nil
    }

    @Test func `reads identities of every kind, between comments, spaces and line ends`() throws {
        let classical = try AgeIdentityFileTests.line(AgeX25519())
        let hybrid = try AgeIdentityFileTests.line(AgeHybrid())
        let text = "\u{FEFF}# made\r\n \(classical) \r\n\n\t\(hybrid)"
        let bytes = Array(text.utf8)
        let found = try AgeIdentityFile.identities(in: bytes.borrowedBytes, name: "keys")
        let prefixes = found.map { $0.recipientText?.prefix(6) }
        #expect(found.count == 2)
        #expect(prefixes[1] == "age1pq")
        let hasIdentity = AgeIdentityFile.hasIdentity(bytes.borrowedBytes)
        #expect(hasIdentity)
    }

    @Test func `says which line is wrong, and shows no secret`() throws {
        let good = try AgeIdentityFileTests.line(AgeX25519())
        let cut = good.dropLast()
        let damaged = AgeIdentityFileTests.failure("# made\n\(good)\n\(cut)\n")
        #expect(damaged?.message == "line 3 of keys is not an identity that can be used")
        #expect(damaged?.hint?.contains("AGE-SECRET-KEY-1 or AGE-SECRET-KEY-PQ-1") == true)
        #expect(damaged?.hint?.contains(cut.suffix(8)) == false)
        let recipient = try AgeHybrid().makeIdentity().recipient
        let swapped = AgeIdentityFileTests.failure(recipient)
        #expect(swapped?.message == "line 1 of keys is a recipient, not an identity")
        #expect(AgeIdentityFileTests.failure("# nothing\n")?.message == "keys holds no identity")
    }

    @Test func `a file holds at most 1,000 identities`() throws {
        let line = try AgeIdentityFileTests.line(AgeX25519())
        let lines = Array(repeating: line, count: 1_000).joined(separator: "\n")
        #expect(AgeIdentityFileTests.failure(lines) == nil)
        let message = AgeIdentityFileTests.failure("\(lines)\n\(line)")?.message
        #expect(message == "keys holds more than 1000 identities")
    }
}
