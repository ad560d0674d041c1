internal import COpenSSL

/// HKDF with SHA-256 (RFC 5869).
public enum HKDF {
    /// Derives `count` bytes from `secret`, at most 8,160; throws `CryptoError` for more.
    public static func derive(
        from secret: RawSpan,
        salt: [UInt8] = [],
        info: [UInt8],
        count: Int
    ) throws(CryptoError) -> SecretBytes {
        try SecretBytes(count: count) { view throws(CryptoError) in
            // SAFETY: the shim reads each input's `count` bytes and writes `count` bytes.
            let status = unsafe secret.withUnsafeBytes { key in
                unsafe view.withUnsafeMutableBytes { output in
                    unsafe copenssl_hkdf_sha256(
                        key.assumingMemoryBound(to: UInt8.self).baseAddress,
                        key.count,
                        salt,
                        salt.count,
                        info,
                        info.count,
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        output.count
                    )
                }
            }
            try check(status, "HKDF")
        }
    }
}
