import Failures
import Testing

@testable import AgeFiles

/// A header that comes in pieces is parsed once.
struct HeaderBoundTests {
    private static let bodyLine = String(repeating: "-", count: AgeStanza.lineCharacterCount)

    private static func bytes(_ lines: [String]) -> [UInt8] {
        Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    @Test func `a line of a body does not look like the last line`() {
        let start = HeaderBoundTests.bytes(["age-encryption.org/v1", "-> X25519 a"])
        let body = start + HeaderBoundTests.bytes([HeaderBoundTests.bodyLine])
        #expect(!AgeHeader.mayEnd(body, from: start.count))
        let end = body + Array("--- AAAA".utf8)
        #expect(AgeHeader.mayEnd(end, from: body.count))
        // The line may have come in two pieces.
        #expect(AgeHeader.mayEnd(end, from: body.count + 5))
    }

    @Test func `a space in a body is refused before the body ends`() {
        let line = "--- " + HeaderBoundTests.bodyLine.dropFirst(4)
        let bytes = HeaderBoundTests.bytes(["age-encryption.org/v1", "-> X25519 a", line])
        let error = #expect(throws: AgeError.self) { _ = try AgeHeader.parse(bytes) }
        #expect(error?.code == .header)
    }
}
