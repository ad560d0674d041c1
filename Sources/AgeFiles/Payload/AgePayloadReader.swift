internal import CryptoCore
internal import DurableFiles

/// Opens a payload a batch of chunks at a time: what it hands out is authenticated, but for the
/// fact that more may be missing until the end was reached.
struct AgePayloadReader: ~Copyable {
    private let source: any ByteSource
    private var opener: AgeChunkOpener
    private var input = SecretBuffer(count: limit + 1)
    private var output = SecretBuffer(count: AgeFile.batchCount * AgePayload.chunkByteCount)
    private var filled = 0
    private var hasEnded = false

    // One byte more than is opened at once tells whether the source has ended.
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

    /// Hands the next batch to `body`; `false` after the last one.
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
        // What stands before a broken chunk is authentic, and goes out as it would have with
        // smaller batches.
        try body(output.bytes.extracting(first: written))
        if let failure { throw failure }
        if !hasEnded { filled = AgeFile.carry(&input, from: AgePayloadReader.limit, to: filled) }
        return true
    }

    /// Opens one chunk; returns whether it stands where it should.
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
