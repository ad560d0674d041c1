internal import CryptoCore
public import DurableFiles

/// Encrypts files in the age format, version 1 (C2SP age; docs/file-encryption.md).
///
/// ```swift
/// let recipient = try RecipientKinds.kind(ofRecipient: text)?.recipient(text)
/// try AgeFile.encrypt(InputFile("plan.pdf"), to: output, for: [recipient].compactMap(\.self))
/// ```
///
/// `AgeReader` decrypts. Both encrypt and decrypt in chunks of 64 KiB, so they use about 2 MiB of
/// memory for a file of any length.
public enum AgeFile {
    /// The number of chunks that are read and written at once, together one mebibyte.
    static let batchCount = 16

    /// Encrypts all bytes of `source` for `recipients`: 1 to `AgeHeader.largestStanzaCount` of
    /// them.
    ///
    /// Throws `AgeError` (code `key`), before anything is read or written, if the recipients cannot
    /// share a file; and the errors of the source, the sink and the recipients. After an error, the
    /// sink may hold an incomplete file, and decrypting that file throws.
    public static func encrypt(
        _ source: any ByteSource,
        to sink: any ByteSink,
        for recipients: [any AgeRecipient]
    ) throws {
        guard !recipients.isEmpty else { throw AgeError.key("a file needs at least one recipient") }
        guard recipients.count <= AgeHeader.largestStanzaCount else {
            throw AgeError.key("a file can have at most \(AgeHeader.largestStanzaCount) recipients")
        }
        try RecipientCompany.require(recipients)
        let fileKey = try SecretBytes.random(count: AgeHeader.fileKeyByteCount)
        let stanzas = try recipients.map { try $0.wrap(fileKey.bytes) }
        let header = try AgeHeader(stanzas, fileKey: fileKey.bytes)
        guard header.encoded.count <= AgeHeader.largestByteCount else {
            throw AgeError.headerTooLarge
        }
        try encrypt(source, to: sink, header: header, fileKey: fileKey.bytes)
    }

    /// Writes `header` and the encrypted content; `fileKey` must be the key that the header was
    /// made with.
    public static func encrypt(
        _ source: any ByteSource,
        to sink: any ByteSink,
        header: AgeHeader,
        fileKey: RawSpan
    ) throws {
        let nonce = try SecureRandom.bytes(count: AgePayload.nonceByteCount)
        try sink.write((header.encoded + nonce).borrowedBytes)
        let key = try AgePayload.key(fileKey: fileKey, nonce: nonce)
        var sealer = try AgeChunkSealer(key: key.bytes)
        let limit = batchCount * AgePayload.chunkByteCount
        // One extra byte is read, to learn whether the source has ended.
        var input = SecretBuffer(count: limit + 1)
        var output = SecretBuffer(count: batchCount * AgePayload.sealedChunkByteCount)
        var filled = 0
        while true {
            filled = try source.fill(&input, from: filled)
            let isLast = filled <= limit
            let count = min(filled, limit)
            var written = 0
            var start = 0
            repeat {
                let end = min(start + AgePayload.chunkByteCount, count)
                let chunk = input.bytes.extracting(start..<end)
                let sealed = written..<(written + end - start + ChaChaPoly.tagByteCount)
                try output.withMutableBytes(sealed) { room throws(CryptoError) in
                    try sealer.seal(chunk, isLast: isLast && end == count, into: &room)
                }
                written = sealed.upperBound
                start = end
            } while start < count
            try sink.write(output.bytes.extracting(first: written))
            guard !isLast else { return }
            filled = carry(&input, from: limit, to: filled)
        }
    }

    /// Moves the bytes after the batch to the buffer's start; returns their number.
    static func carry(_ buffer: inout SecretBuffer, from start: Int, to end: Int) -> Int {
        let rest = SecretBytes(copying: buffer.bytes.extracting(start..<end))
        buffer.withMutableBytes(0..<(end - start)) { $0.copy(rest.bytes, to: 0) }
        return end - start
    }
}
