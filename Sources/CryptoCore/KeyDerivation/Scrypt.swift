internal import COpenSSL

/// scrypt (RFC 7914).
public enum Scrypt {
    /// The cost of a derivation.
    public struct Parameters: Hashable, Sendable {
        /// N, a power of two.
        public let cost: UInt64
        /// r, in units of 128 bytes.
        public let blockSize: UInt64
        /// p, the number of parallel parts.
        public let parallelization: UInt64

        /// The most memory that a derivation may take, in bytes: 1 GiB.
        public static let largestMemoryByteCount: UInt64 = 1 << 30

        /// Makes parameters of N, r and p; returns `nil` if they are not valid or cost too much.
        ///
        /// The bound is 1 GiB for 128·N·r·p: it limits memory and work.
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
    ///
    /// Throws `CryptoError` if too little memory is free.
    public static func derive(
        from passphrase: RawSpan,
        salt: [UInt8],
        parameters: Parameters,
        count: Int
    ) throws(CryptoError) -> SecretBytes {
        // OpenSSL needs more than the 128·N·r bytes of the specification: its own blocks, too.
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
