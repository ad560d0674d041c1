internal import ArgumentParser
internal import CryptoCore
internal import DurableFiles

/// Computes the digest of all bytes of a source.
enum FileDigest {
    private static let bufferByteCount = 1 << 20

    static func of(_ source: any ByteSource, _ algorithm: HashAlgorithm) throws -> [UInt8] {
        let hash = try Hash(algorithm)
        var buffer = SecretBuffer(count: bufferByteCount)
        while true {
            let count = try buffer.withMutableBytes(0..<buffer.count) { try source.read(into: &$0) }
            guard count > 0 else { return try hash.finish() }
            try hash.update(buffer.bytes.extracting(first: count))
        }
    }
}
