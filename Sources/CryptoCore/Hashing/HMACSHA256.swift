internal import COpenSSL

/// HMAC with SHA-256 (RFC 2104).
public enum HMACSHA256 {
    /// The length of a full tag, in bytes.
    public static let byteCount = 32

    /// Returns the tag of `message` under `key`; throws `CryptoError` if OpenSSL fails.
    public static func tag(of message: RawSpan, key: RawSpan) throws(CryptoError) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: byteCount)
        try unsafe write(tagOf: message, key: key, to: &tag)
        return tag
    }

    /// Returns the tag as a secret; throws `CryptoError` if OpenSSL fails.
    public static func secretTag(
        of message: RawSpan,
        key: RawSpan
    ) throws(CryptoError) -> SecretBytes {
        try SecretBytes(count: byteCount) { view throws(CryptoError) in
            // SAFETY: the view has room for a tag.
            try unsafe view.withUnsafeMutableBytes { output throws(CryptoError) in
                let start = unsafe output.assumingMemoryBound(to: UInt8.self).baseAddress
                try unsafe write(tagOf: message, key: key, to: start)
            }
        }
    }

    private static func write(
        tagOf message: RawSpan,
        key: RawSpan,
        to output: UnsafeMutablePointer<UInt8>?
    ) throws(CryptoError) {
        var written = 0
        // SAFETY: the shim reads the bytes of both inputs and writes 32 bytes, for which there is
        // room.
        let status = unsafe message.withUnsafeBytes { input in
            unsafe key.withUnsafeBytes { secret in
                unsafe copenssl_hmac_sha256(
                    secret.assumingMemoryBound(to: UInt8.self).baseAddress,
                    secret.count,
                    input.assumingMemoryBound(to: UInt8.self).baseAddress,
                    input.count,
                    output,
                    &written
                )
            }
        }
        try check(status, "HMAC")
    }

    /// Returns whether `tag` is the tag of `message`, or its first 16 bytes or more; in constant
    /// time.
    public static func isValid(_ tag: [UInt8], of message: RawSpan, key: RawSpan) -> Bool {
        guard (byteCount / 2...byteCount).contains(tag.count),
            let expected = try? HMACSHA256.tag(of: message, key: key)
        else { return false }
        return constantTimeEquals(
            Array(expected.prefix(tag.count)).borrowedBytes,
            tag.borrowedBytes
        )
    }
}
