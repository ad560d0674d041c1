internal import COpenSSL

/// scrypt (RFC 7914).
public enum Scrypt {
    /// What a derivation costs.
    public struct Parameters: Hashable, Sendable {
        /// N, a power of two.
        public let cost: UInt64
        /// r, in units of 128 bytes.
        public let blockSize: UInt64
        /// p.
        public let parallelization: UInt64

        /// Most memory that a derivation may take: 1 GiB.
        public static let largestMemoryByteCount: UInt64 = 1 << 30

        /// Takes N, r and p; `nil` where they are no parameters of scrypt, or would take more than
        /// 1 GiB of memory, or the work of going over that once.
        public init?(cost: UInt64, blockSize: UInt64, parallelization: UInt64) {
            guard cost > 1, cost & (cost - 1) == 0, cost <= 1 << 23,
                (1...64).contains(blockSize), (1...16).contains(parallelization),
                128 * cost * blockSize * parallelization <= Parameters.largestMemoryByteCount
            else { return nil }
            self.cost = cost
            self.blockSize = blockSize
            self.parallelization = parallelization
        }
    }

    /// Derives `count` bytes from a passphrase.
    public static func derive(
        from passphrase: RawSpan,
        salt: [UInt8],
        parameters: Parameters,
        count: Int
    ) throws(CryptoError) -> SecretBytes {
        // OpenSSL asks for more than the 128·N·r of the specification: its own blocks as well.
        let needed =
            128 * parameters.cost * parameters.blockSize
            + 128 * parameters.blockSize * parameters.parallelization + 1 << 20
        try AvailableMemory.require(needed)
        return try SecretBytes(count: count) { view throws(CryptoError) in
            // SAFETY: OpenSSL reads the counts given and writes `count` bytes.
            let status = unsafe passphrase.withUnsafeBytes { input in
                unsafe view.withUnsafeMutableBytes { output in
                    unsafe EVP_PBE_scrypt(
                        input.assumingMemoryBound(to: CChar.self).baseAddress,
                        input.count,
                        salt,
                        salt.count,
                        parameters.cost,
                        parameters.blockSize,
                        parameters.parallelization,
                        needed,
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        output.count
                    )
                }
            }
            try check(status, "EVP_PBE_scrypt")
        }
    }
}
