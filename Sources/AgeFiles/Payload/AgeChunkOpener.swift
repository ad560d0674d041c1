internal import CryptoCore

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
