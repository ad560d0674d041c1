internal import CryptoCore
public import DurableFiles

/// A source of bytes in memory.
public final class MemorySource: ByteSource {
    private let content: SecretBytes
    private var position = 0

    /// Copies the bytes into cleansed memory.
    public init(_ content: RawSpan) { self.content = SecretBytes(copying: content) }

    /// Reads the next bytes; returns 0 at the end.
    public func read(into room: inout MutableRawSpan) throws -> Int {
        let count = min(content.count - position, room.byteCount)
        let start = position
        content.withBytes { room.copy($0.extracting(start..<(start + count)), to: 0) }
        position += count
        return count
    }
}
