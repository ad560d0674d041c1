public import CryptoCore
public import DurableFiles

/// A plugin's side of the pipes: messages of the host in, commands out, one answer for each.
public struct PluginService: ~Copyable {
    private static let pieceByteCount = 64 << 10
    private let input: any ByteSource
    private let output: any ByteSink
    private var reader = PluginFrameReader(.plugin)

    /// Takes what the host writes to, and what it reads.
    public init(input: any ByteSource, output: any ByteSink) {
        self.input = input
        self.output = output
    }

    /// The host's next message; throws `AgePluginError` where it has ended the conversation.
    public mutating func next() throws -> PluginFrame {
        while true {
            if let frame = try reader.next() { return frame }
            var room = SecretBuffer(count: PluginService.pieceByteCount)
            let count = try room.withMutableBytes(0..<room.count) { try input.read(into: &$0) }
            guard count > 0 else { throw AgePluginError.notServed }
            room.withBytes(0..<count) { reader.add($0) }
        }
    }

    /// Sends a command, and returns the host's answer.
    @discardableResult
    public mutating func send(_ frame: borrowing PluginFrame) throws -> PluginFrame {
        try output.write(PluginFrameWriter.bytes(frame).bytes)
        return try next()
    }

    /// Shows the user a line; the host may have nobody to show it to.
    public mutating func tell(_ line: String) throws { try send(PluginFrame("msg", text: line)) }

    /// Ends the conversation.
    public mutating func finish() throws {
        try output.write(PluginFrameWriter.bytes(PluginFrame("done")).bytes)
    }

    /// Asks the user for a secret; `nil` where nobody answers.
    public mutating func secret(_ prompt: String) throws -> SecretBytes? {
        let answer = try send(PluginFrame("request-secret", text: prompt))
        return answer.type == "ok" ? answer.body.copy() : nil
    }
}
