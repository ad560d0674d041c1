internal import AgeFiles
public import CryptoCore
internal import Stanzas

/// Messages as bytes, one after the other.
public struct PluginFrameWriter: ~Copyable {
    private var room = SecretBuffer(count: 4096)
    private var count = 0

    /// Begins with nothing.
    public init() {}

    /// What was written so far.
    public consuming func finish() -> SecretBytes {
        SecretBytes(copying: room.bytes.extracting(0..<count))
    }

    /// The bytes of one message.
    public static func bytes(_ frame: borrowing PluginFrame) -> SecretBytes {
        var writer = PluginFrameWriter()
        writer.add(frame)
        return writer.finish()
    }

    /// Writes a message.
    public mutating func add(_ frame: borrowing PluginFrame) {
        heading([frame.type] + frame.arguments)
        end(frame.body.bytes)
    }

    /// Writes a message without arguments and body.
    mutating func add(_ type: String) {
        heading([type])
        end([UInt8]().borrowedBytes)
    }

    /// Writes a message about something that may be secret, such as an identity.
    mutating func add(_ type: String, about text: RawSpan) {
        heading([type])
        append(" ")
        append(text)
        end([UInt8]().borrowedBytes)
    }

    /// Writes a message with a stanza of a file.
    mutating func add(_ type: String, index: Int, _ stanza: AgeStanza) {
        heading([type, "\(index)", stanza.type] + stanza.arguments)
        end(stanza.body.borrowedBytes)
    }

    private mutating func heading(_ words: [String]) {
        append("-> " + words.joined(separator: " "))
    }

    private mutating func end(_ body: RawSpan) {
        append("\n")
        append(Stanza.encodedBody(body).bytes)
    }

    private mutating func append(_ text: String) { append(Array(text.utf8).borrowedBytes) }

    private mutating func append(_ bytes: RawSpan) {
        if room.count - count < bytes.byteCount {
            var larger = SecretBuffer(count: (count + bytes.byteCount) * 2)
            room.withBytes(0..<count) { old in
                larger.withMutableBytes(0..<count) { $0.copy(old, to: 0) }
            }
            room = larger
        }
        room.withMutableBytes(count..<(count + bytes.byteCount)) { $0.copy(bytes, to: 0) }
        count += bytes.byteCount
    }
}
