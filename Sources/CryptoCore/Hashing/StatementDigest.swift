internal import COpenSSL

/// The SHA-384 digest of a structure of this project, for a device that signs digests only.
///
/// It is no `HashAlgorithm`: nothing signs a digest of bytes that a user chose with it.
public enum StatementDigest {
    /// The length of a digest, in bytes.
    public static let byteCount = 48

    /// Returns the digest of `message`; throws `CryptoError` if OpenSSL fails.
    public static func digest(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: byteCount)
        // SAFETY: reads the message's count, writes 48 bytes.
        let status = unsafe EVP_Digest(message, message.count, &digest, nil, EVP_sha384(), nil)
        try check(status, "EVP_Digest")
        return digest
    }
}
