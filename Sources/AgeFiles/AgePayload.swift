internal import CryptoCore

/// How a payload is cut up: chunks of 64 KiB, each with its tag, the last one marked in its nonce.
enum AgePayload {
    static let chunkByteCount = 64 << 10
    static let sealedChunkByteCount = chunkByteCount + ChaChaPoly.tagByteCount
    static let nonceByteCount = 16
    private static let info = Array("payload".utf8)

    /// The key of a payload, from the file key and the nonce that stands before the first chunk.
    static func key(fileKey: RawSpan, nonce: [UInt8]) throws(CryptoError) -> SecretBytes {
        try HKDF.derive(from: fileKey, salt: nonce, info: info, count: ChaChaPoly.keyByteCount)
    }
}

/// The nonce of each chunk in turn: eleven bytes that count, one that marks the last.
struct AgeChunkCounter {
    private var next: UInt64 = 0

    mutating func advance() { next += 1 }

    func nonce(isLast: Bool) -> [UInt8] {
        [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: next >> (56 - 8 * UInt64($0))) }
            + [isLast ? 1 : 0]
    }
}

/// Seals one chunk after the other.
struct AgeChunkSealer: ~Copyable {
    private let cipher: ChaChaPoly
    private var counter = AgeChunkCounter()

    init(key: RawSpan) throws(CryptoError) { cipher = try ChaChaPoly(key: key, .sealing) }

    mutating func seal(
        _ chunk: RawSpan,
        isLast: Bool,
        into output: inout MutableRawSpan
    ) throws(CryptoError) {
        try cipher.seal(chunk, nonce: counter.nonce(isLast: isLast), into: &output)
        counter.advance()
    }
}

/// Opens one chunk after the other; the last one must come last, and be there.
struct AgeChunkOpener: ~Copyable {
    private let cipher: ChaChaPoly
    private var counter = AgeChunkCounter()
    private var isFirst = true

    init(key: RawSpan) throws(CryptoError) { cipher = try ChaChaPoly(key: key, .opening) }

    /// Opens a chunk that `isLast` in its file; returns whether its own mark says the same.
    ///
    /// A whole chunk with the other mark is authentic, though the file is not: it is written.
    mutating func open(
        _ sealed: RawSpan,
        isLast: Bool,
        into output: inout MutableRawSpan
    ) throws(AgeError) -> Bool {
        // An empty last chunk stands only for an empty file.
        guard
            sealed.byteCount > ChaChaPoly.tagByteCount
                || isFirst && sealed.byteCount == ChaChaPoly.tagByteCount
        else { throw AgeError.payload }
        isFirst = false
        let nonces = (counter.nonce(isLast: isLast), counter.nonce(isLast: !isLast))
        counter.advance()
        if (try? cipher.open(sealed, nonce: nonces.0, into: &output)) != nil { return true }
        guard sealed.byteCount == AgePayload.sealedChunkByteCount,
            (try? cipher.open(sealed, nonce: nonces.1, into: &output)) != nil
        else { throw AgeError.payload }
        return false
    }
}
