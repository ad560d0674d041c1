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
