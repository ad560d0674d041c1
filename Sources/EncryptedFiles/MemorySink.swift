internal import AgeFiles
internal import CryptoCore
internal import DurableFiles

/// A sink that keeps the written bytes in memory, up to a limit.
final class MemorySink: ByteSink {
    private var room: SecretBuffer
    private var count = 0

    init(limit: Int) { room = SecretBuffer(count: limit) }

    func write(_ piece: RawSpan) throws {
        guard piece.byteCount <= room.count - count else {
            throw AgeError.key("the identity file is larger than \(room.count >> 20) MiB")
        }
        room.withMutableBytes(count..<(count + piece.byteCount)) { $0.copy(piece, to: 0) }
        count += piece.byteCount
    }

    func content() -> SecretBytes { room.withBytes(0..<count) { SecretBytes(copying: $0) } }
}
