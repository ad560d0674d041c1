internal import COpenSSL

/// Base64 of secret bytes, from one cleansed buffer to another.
public enum SecretBase64 {
    /// Returns padded base64 of `bytes`, without line ends.
    public static func encode(_ bytes: RawSpan) -> SecretBytes {
        let count = (bytes.byteCount + 2) / 3 * 4
        let terminated = SecretBytes(count: count + 1) { view in
            // SAFETY: EVP_EncodeBlock writes `count` characters and a terminating zero.
            unsafe bytes.withUnsafeBytes { input in
                unsafe view.withUnsafeMutableBytes { output in
                    _ = unsafe EVP_EncodeBlock(
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        input.assumingMemoryBound(to: UInt8.self).baseAddress,
                        CInt(input.count)
                    )
                }
            }
        }
        return SecretBytes(copying: terminated.bytes.extracting(0..<count))
    }

    /// Returns the bytes of padded base64 without white space; throws `CryptoError` for any other
    /// text.
    public static func decode(_ text: RawSpan) throws(CryptoError) -> SecretBytes {
        var padding = 0
        while padding < 2, padding < text.byteCount {
            let last = text.byteCount - 1 - padding
            guard text.byte(at: last) == UInt8(ascii: "=") else { break }
            padding += 1
        }
        let count = text.byteCount / 4 * 3
        guard text.byteCount.isMultiple(of: 4), count >= padding else {
            throw CryptoError.invalidEncoding("base64 text")
        }
        var decoded: CInt = -1
        let bytes = SecretBytes(count: count) { view in
            // SAFETY: EVP_DecodeBlock writes three bytes for each four characters.
            unsafe text.withUnsafeBytes { input in
                unsafe view.withUnsafeMutableBytes { output in
                    decoded = unsafe EVP_DecodeBlock(
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        input.assumingMemoryBound(to: UInt8.self).baseAddress,
                        CInt(input.count)
                    )
                }
            }
        }
        guard decoded == count else { throw CryptoError.invalidEncoding("base64 text") }
        return SecretBytes(copying: bytes.bytes.extracting(0..<(count - padding)))
    }
}
