import CryptoCore
import DurableFiles

/// Bytes that are here already.
final class ArraySource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into room: inout MutableRawSpan) throws -> Int {
        let count = min(bytes.count - position, room.byteCount)
        let piece = Array(bytes[position..<(position + count)])
        room.copy(piece.borrowedBytes, to: 0)
        position += count
        return count
    }
}
