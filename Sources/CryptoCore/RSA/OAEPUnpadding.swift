internal import COpenSSL

extension RSAPublicKey {
    /// Takes the message out of a block that a device decrypted with this key's private half
    /// without unpadding it: RSAES-OAEP (RFC 8017 § 7.1.2, step 3), SHA-256 for hash and MGF1, and
    /// a label.
    ///
    /// It is for devices that have only the raw RSA operation. The time depends on the lengths of
    /// the modulus and the label, not on the block (Manger's attack): OpenSSL's function runs in
    /// constant time, also where the device left out leading zeros of the block. Throws the same
    /// `CryptoError` for every failure.
    public func unpad(_ block: RawSpan, label: [UInt8]) throws(CryptoError) -> SecretBytes {
        let modulusByteCount = modulusByteCount
        guard block.byteCount <= modulusByteCount else { throw CryptoError.authenticationFailed }
        var count: CInt = -1
        let room = SecretBytes(count: modulusByteCount) { view in
            // SAFETY: at most `block.count` bytes are read, and at most the modulus' length is
            // written.
            count = unsafe block.withUnsafeBytes { block in
                unsafe view.withUnsafeMutableBytes { output in
                    unsafe copenssl_oaep_sha256_unpad(
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        block.assumingMemoryBound(to: UInt8.self).baseAddress,
                        block.count,
                        modulusByteCount,
                        label,
                        label.count
                    )
                }
            }
        }
        ERR_clear_error()
        guard count >= 0 else { throw CryptoError.authenticationFailed }
        return SecretBytes(copying: room.bytes.extracting(0..<Int(count)))
    }

    /// The length of the modulus in bytes, which is that of signatures and ciphertexts.
    public var modulusByteCount: Int { (bitCount + 7) / 8 }
}
