internal import COpenSSL

/// A SHA-256 digest (FIPS 180-4) of 32 bytes.
public struct SHA256Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The length of a digest, in bytes.
    public static let byteCount = 32

    // Four words instead of an array, because a registry holds hundreds of thousands of digests.
    private let words: InlineArray<4, UInt64>

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(SHA256Digest.byteCount)
        for index in 0..<4 {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: words[index] >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// Makes a digest of 32 bytes; returns `nil` for any other count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == SHA256Digest.byteCount else { return nil }
        self.init(exactly: bytes.borrowedBytes)
    }

    /// Makes a digest of exactly 32 borrowed bytes.
    public init(exactly bytes: RawSpan) {
        precondition(bytes.byteCount == SHA256Digest.byteCount)
        // SAFETY: 32 bytes are there.
        words = InlineArray { index in
            UInt64(
                bigEndian: unsafe bytes.unsafeLoadUnaligned(
                    fromByteOffset: index * 8,
                    as: UInt64.self
                )
            )
        }
    }

    /// Orders digests by their bytes.
    public static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
        for index in 0..<4 where left.words[index] != right.words[index] {
            return left.words[index] < right.words[index]
        }
        return false
    }

    /// Returns whether all 32 bytes are equal.
    public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
        (0..<4).allSatisfy { left.words[$0] == right.words[$0] }
    }

    /// Feeds one word: a part of a digest is as evenly distributed as the whole.
    public func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }

    /// Reads 64 lower-case hexadecimal digits; returns `nil` for any other text.
    public init?(hexadecimal text: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// Hashes `message`.
    public init(hashing message: [UInt8]) { self.init(hashing: message.borrowedBytes) }

    /// Hashes borrowed bytes.
    public init(hashing message: RawSpan) {
        var digest = InlineArray<4, UInt64>(repeating: 0)
        // SAFETY: SHA256 reads `count` bytes and writes 32.
        unsafe message.withUnsafeBytes { input in
            let start = unsafe input.assumingMemoryBound(to: UInt8.self).baseAddress
            unsafe withUnsafeMutableBytes(of: &digest) { output in
                let room = unsafe output.assumingMemoryBound(to: UInt8.self).baseAddress
                _ = unsafe SHA256(start, input.count, room)
            }
        }
        words = InlineArray { UInt64(bigEndian: digest[$0]) }
    }

    /// The digest as lower-case hexadecimal digits.
    public var description: String { Hexadecimal.encode(bytes) }
}
