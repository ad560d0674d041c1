internal import COpenSSL

/// A SHA-256 digest (FIPS 180-4), 32 bytes.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// The length of a digest.
    public static let byteCount = 32

    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Takes 32 bytes as a digest; `nil` for any other count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == SHA256Digest.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 lower-case hexadecimal digits.
    public init?(hexadecimal text: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// The digest of `message`.
    public init(hashing message: [UInt8]) { self.init(hashing: message.borrowedBytes) }

    /// The digest of borrowed bytes.
    public init(hashing message: RawSpan) {
        var digest = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        // SAFETY: SHA256 reads `count` bytes and writes 32.
        unsafe message.withUnsafeBytes { input in
            let start = unsafe input.assumingMemoryBound(to: UInt8.self).baseAddress
            unsafe digest.withUnsafeMutableBufferPointer { output in
                _ = unsafe SHA256(start, input.count, output.baseAddress)
            }
        }
        bytes = digest
    }

    /// The digest as lower-case hexadecimal digits.
    public var description: String { Hexadecimal.encode(bytes) }
}
