internal import CryptoCore

/// The structure of a payload: chunks of 64 KiB, each with a tag; the nonce of the last chunk marks
/// it.
enum AgePayload {
    static let chunkByteCount = 64 << 10
    static let sealedChunkByteCount = chunkByteCount + ChaChaPoly.tagByteCount
    static let nonceByteCount = 16
    private static let info = Array("payload".utf8)

    /// Derives the key of a payload from the file key and the nonce before the first chunk.
    static func key(fileKey: RawSpan, nonce: [UInt8]) throws(CryptoError) -> SecretBytes {
        try HKDF.derive(from: fileKey, salt: nonce, info: info, count: ChaChaPoly.keyByteCount)
    }
}
