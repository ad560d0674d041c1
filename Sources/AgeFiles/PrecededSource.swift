internal import CryptoCore
internal import DurableFiles

/// A source of bytes that were already read, followed by the rest of another source.
final class PrecededSource: ByteSource {
    private let first: [UInt8]
    private var position = 0
    private let rest: any ByteSource

    init(_ first: [UInt8], then rest: any ByteSource) {
        self.first = first
        self.rest = rest
    }

    func read(into room: inout MutableRawSpan) throws -> Int {
        guard position < first.count else { return try rest.read(into: &room) }
        let count = min(first.count - position, room.byteCount)
        let piece = Array(first[position..<(position + count)])
        room.copy(piece.borrowedBytes, to: 0)
        position += count
        return count
    }
}
