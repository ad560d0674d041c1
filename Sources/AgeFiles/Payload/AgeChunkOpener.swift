internal import CryptoCore

/// Decrypts the chunks of a payload in order; there must be exactly one last chunk, at the end.
struct AgeChunkOpener: ~Copyable {
    private let cipher: ChaChaPoly
    private var counter = AgeChunkCounter()
    private var isFirst = true

    init(key: RawSpan) throws(CryptoError) { cipher = try ChaChaPoly(key: key, .opening) }

    /// Decrypts a chunk, which is the last of the file if `isLast`.
    ///
    /// Returns whether the chunk's own mark agrees. If not, the chunk is authentic, and the file
    /// was cut off or extended.
    mutating func open(
        _ sealed: RawSpan,
        isLast: Bool,
        into output: inout MutableRawSpan
    ) throws(AgeError) -> Bool {
        // The last chunk is empty only in an empty file.
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
