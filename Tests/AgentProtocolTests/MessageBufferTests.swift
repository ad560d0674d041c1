import CryptoCore
import KeyFormats
import Testing

@testable import AgentProtocol

/// Cutting bytes into messages.
struct MessageBufferTests {
    private func feed(_ bytes: [UInt8], step: Int) throws -> [[UInt8]] {
        var buffer = MessageBuffer()
        var rest = bytes[...]
        var found: [[UInt8]] = []
        while !rest.isEmpty {
            let count = min(step, buffer.wantedByteCount, rest.count)
            try buffer.receive(Array(rest.prefix(count)).borrowedBytes)
            rest = rest.dropFirst(count)
            if let message = buffer.takeMessage() { found.append(message.publicBytes) }
        }
        return found
    }

    @Test(arguments: [1, 3, 100_000])
    func `cuts messages that come in any pieces`(_ step: Int) throws {
        let large = [UInt8](repeating: 5, count: 30_000)
        let bytes = SSHWire.string([11]) + SSHWire.string(large) + SSHWire.string([1, 2])
        #expect(try feed(bytes, step: step) == [[11], large, [1, 2]])
    }

    @Test func `refuses empty and long messages before it takes memory`() {
        for length in [0, AgentLimits.largestMessageByteCount + 1, 0xffff_ffff] {
            var buffer = MessageBuffer()
            #expect(throws: AgentError.self) {
                try buffer.receive(SSHWire.number(length).borrowedBytes)
            }
            #expect(buffer.largeByteCount == 0)
        }
    }

    @Test func `grows as bytes come, and not as the length says`() throws {
        var buffer = MessageBuffer()
        try buffer.receive(SSHWire.number(AgentLimits.largestMessageByteCount).borrowedBytes)
        try buffer.receive([1].borrowedBytes)
        #expect(buffer.largeByteCount == 0)
    }
}
