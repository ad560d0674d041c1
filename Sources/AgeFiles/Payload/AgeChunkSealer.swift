internal import CryptoCore

/// Encrypts the chunks of a payload in order.
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
