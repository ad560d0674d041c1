internal import CryptoCore
internal import DurableFiles

/// Decrypts a payload in batches of chunks.
///
/// Each batch is authenticated. Only at the end is it known that no chunk is missing.
struct AgePayloadReader: ~Copyable {
    private let source: any ByteSource
    private var opener: AgeChunkOpener
    private var input = SecretBuffer(count: limit + 1)
    private var output = SecretBuffer(count: AgeFile.batchCount * AgePayload.chunkByteCount)
    private var filled = 0
    private var hasEnded = false

    // One extra byte is read, to learn whether the source has ended.
    private static let limit = AgeFile.batchCount * AgePayload.sealedChunkByteCount

    init(_ source: any ByteSource, fileKey: RawSpan) throws {
        self.source = source
        var room = SecretBuffer(count: AgePayload.nonceByteCount)
        guard try source.fill(&room, from: 0) == AgePayload.nonceByteCount else {
            throw AgeError.truncatedHeader
        }
        let nonce = SecretBytes(copying: room.bytes).publicBytes
        let key = try AgePayload.key(fileKey: fileKey, nonce: nonce)
        opener = try AgeChunkOpener(key: key.bytes)
    }

    /// Calls `body` with the next batch; returns `false` after the last one.
    mutating func next(_ body: (RawSpan) throws -> Void) throws -> Bool {
        guard !hasEnded else { return false }
        filled = try source.fill(&input, from: filled)
        hasEnded = filled <= AgePayloadReader.limit
        let count = min(filled, AgePayloadReader.limit)
        var written = 0
        var start = 0
        var failure: AgeError?
        repeat {
            let end = min(start + AgePayload.sealedChunkByteCount, count)
            do throws(AgeError) {
                let isWhole = try AgePayloadReader.open(
                    start..<end,
                    of: input,
                    isLast: hasEnded && end == count,
                    with: &opener,
                    into: &output,
                    at: written
                )
                written += end - start - ChaChaPoly.tagByteCount
                if !isWhole { failure = AgeError.payload }
            } catch { failure = error }
            start = end
        } while start < count && failure == nil
        // The chunks before the damaged one are authentic. They are written, as they would be with
        // smaller batches.
        try body(output.bytes.extracting(first: written))
        if let failure { throw failure }
        if !hasEnded { filled = AgeFile.carry(&input, from: AgePayloadReader.limit, to: filled) }
        return true
    }

    /// Decrypts one chunk; returns whether its position in the file is right.
    private static func open(
        _ range: Range<Int>,
        of input: borrowing SecretBuffer,
        isLast: Bool,
        with opener: inout AgeChunkOpener,
        into output: inout SecretBuffer,
        at position: Int
    ) throws(AgeError) -> Bool {
        guard range.count >= ChaChaPoly.tagByteCount else { throw AgeError.payload }
        let plain = position..<(position + range.count - ChaChaPoly.tagByteCount)
        let sealed = input.bytes.extracting(range)
        return try output.withMutableBytes(plain) { room throws(AgeError) in
            try opener.open(sealed, isLast: isLast, into: &room)
        }
    }
}
