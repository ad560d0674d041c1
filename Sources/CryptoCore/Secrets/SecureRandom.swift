internal import COpenSSL

/// Random bytes that are not secret: nonces, salts, identifiers.
public enum SecureRandom {
    /// `count` bytes from OpenSSL's public generator.
    public static func bytes(count: Int) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: RAND_bytes writes exactly `count` bytes.
        try check(unsafe RAND_bytes(&bytes, CInt(count)), "RAND_bytes")
        return bytes
    }
}
