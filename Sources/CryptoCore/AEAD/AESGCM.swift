/// AES-256-GCM (NIST SP 800-38D) with a 12-byte nonce and a 16-byte tag.
public enum AESGCM {
    /// The length of a key, in bytes.
    public static let keyByteCount = AEADCipher.keyByteCount
    /// The length of a nonce, in bytes.
    public static let nonceByteCount = AEADCipher.nonceByteCount
    /// The length of the tag at the end of a ciphertext, in bytes.
    public static let tagByteCount = AEADCipher.tagByteCount

    /// Encrypts `plaintext`; returns the ciphertext followed by its tag.
    ///
    /// `nonce` must never be used twice with one key. Throws `CryptoError` if the key or the nonce
    /// has a wrong length.
    public static func seal(
        _ plaintext: RawSpan,
        key: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        let cipher = try AEADCipher(.aes256GCM, key: key, sealing: true)
        return try cipher.seal(plaintext, nonce: nonce, authenticating: header)
    }

    /// Decrypts the result of `seal`.
    ///
    /// Throws `CryptoError` if any byte of the input, the key, the nonce or the header differs.
    public static func open(
        _ sealed: [UInt8],
        key: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8]
    ) throws(CryptoError) -> SecretBytes {
        let cipher = try AEADCipher(.aes256GCM, key: key, sealing: false)
        return try cipher.open(sealed, nonce: nonce, authenticating: header)
    }
}

extension AEADCipher {
    func seal(
        _ plaintext: RawSpan,
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) throws(CryptoError) -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: plaintext.byteCount + AEADCipher.tagByteCount)
        var output = sealed.mutableSpan
        var bytes = unsafe output.mutableBytes
        try seal(plaintext, nonce: nonce, authenticating: header, into: &bytes)
        return sealed
    }

    func open(
        _ sealed: [UInt8],
        nonce: [UInt8],
        authenticating header: [UInt8] = []
    ) throws(CryptoError) -> SecretBytes {
        guard sealed.count >= AEADCipher.tagByteCount else {
            throw CryptoError.authenticationFailed
        }
        return try SecretBytes(count: sealed.count - AEADCipher.tagByteCount) {
            view throws(CryptoError) in
            try open(
                sealed.borrowedBytes,
                nonce: nonce,
                authenticating: header,
                into: &view
            )
        }
    }
}
