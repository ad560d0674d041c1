public import CryptoCore

extension HashAlgorithm {
    private static let bufferByteCount = 1 << 20

    /// Returns the digest of everything that a source gives.
    ///
    /// It reads pieces of at most 1 MiB, so memory does not depend on the length of a file. Throws
    /// what the source throws, and `CryptoError` if OpenSSL fails.
    public func digest(of source: any ByteSource) throws -> [UInt8] {
        let hash = try Hash(self)
        var buffer = SecretBuffer(count: HashAlgorithm.bufferByteCount)
        while true {
            let count = try buffer.withMutableBytes(0..<buffer.count) { try source.read(into: &$0) }
            guard count > 0 else { return try hash.finish() }
            try hash.update(buffer.bytes.extracting(first: count))
        }
    }
}
