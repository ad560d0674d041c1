internal import COpenSSL

/// Random bytes that are not secret, for example nonces, salts and identifiers.
public enum SecureRandom {
    /// Returns `count` bytes of OpenSSL's public generator; throws `CryptoError` if it fails.
    public static func bytes(count: Int) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: RAND_bytes writes exactly `count` bytes.
        try check(unsafe RAND_bytes(&bytes, CInt(count)), "RAND_bytes")
        return bytes
    }
}
