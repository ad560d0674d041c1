internal import CryptoCore
internal import DurableFiles

/// Bytes in memory, handed out a few at a time: what a decoder keeps between two reads may be
/// faulty.
final class MemoryBytes: ByteSource {
    private let content: [UInt8]
    private let pieceByteCount: Int
    private var position = 0

    init(_ content: [UInt8], pieceByteCount: Int = .max) {
        self.content = content
        self.pieceByteCount = pieceByteCount
    }

    func read(into room: inout MutableRawSpan) throws -> Int {
        let count = min(content.count - position, room.byteCount, pieceByteCount)
        room.copy(Array(content[position..<(position + count)]).borrowedBytes, to: 0)
        position += count
        return count
    }
}

/// A sink that keeps the bytes.
final class CollectedBytes: ByteSink {
    private(set) var content: [UInt8] = []

    func write(_ piece: RawSpan) throws {
        content += SecretBytes(copying: piece).publicBytes
    }
}
