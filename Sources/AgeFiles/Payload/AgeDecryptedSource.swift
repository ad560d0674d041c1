internal import CryptoCore
public import DurableFiles

/// A source that decrypts a payload while it is read.
///
/// With it, content is encrypted again without a plaintext on disk.
public final class AgeDecryptedSource: ByteSource {
    private var reader: AgePayloadReader
    private var batch = SecretBuffer(count: AgeFile.batchCount * AgePayload.chunkByteCount)
    private var position = 0
    private var count = 0

    init(_ reader: consuming AgePayloadReader) { self.reader = reader }

    /// Reads the next decrypted bytes; throws before it returns any byte of a damaged chunk.
    public func read(into room: inout MutableRawSpan) throws -> Int {
        while position == count {
            position = 0
            count = 0
            let isMore = try reader.next { plain in
                count = plain.byteCount
                batch.withMutableBytes(0..<count) { $0.copy(plain, to: 0) }
            }
            guard isMore else { return 0 }
        }
        let taken = min(count - position, room.byteCount)
        let piece = position..<(position + taken)
        batch.withBytes(piece) { room.copy($0, to: 0) }
        position += taken
        return taken
    }
}
