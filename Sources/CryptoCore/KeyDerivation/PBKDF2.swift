internal import COpenSSL

/// PBKDF2 (RFC 8018 § 5.2).
public enum PBKDF2 {
    /// Derives `count` bytes from a passphrase; the salt may be secret, too.
    ///
    /// Throws `CryptoError` if OpenSSL fails. The caller bounds `iterationCount`.
    public static func derive(
        from passphrase: RawSpan,
        salt: RawSpan,
        function: PBES2.PseudoRandomFunction,
        iterationCount: UInt64,
        count: Int
    ) throws(CryptoError) -> SecretBytes {
        try SecretBytes(count: count) { view throws(CryptoError) in
            // SAFETY: OpenSSL reads the counts given and writes `count` bytes.
            let status = unsafe passphrase.withUnsafeBytes { input in
                unsafe salt.withUnsafeBytes { grains in
                    unsafe view.withUnsafeMutableBytes { output in
                        unsafe PKCS5_PBKDF2_HMAC(
                            input.assumingMemoryBound(to: CChar.self).baseAddress,
                            CInt(input.count),
                            grains.assumingMemoryBound(to: UInt8.self).baseAddress,
                            CInt(grains.count),
                            CInt(clamping: iterationCount),
                            function.evp,
                            CInt(output.count),
                            output.assumingMemoryBound(to: UInt8.self).baseAddress
                        )
                    }
                }
            }
            try check(status, "PKCS5_PBKDF2_HMAC")
        }
    }
}
