internal import CryptoCore

/// A file key, encrypted with a key that is used once, as in stanzas of X25519 and scrypt.
enum WrappedFileKey {
    /// The length of a stanza's body, in bytes.
    static let byteCount = AgeHeader.fileKeyByteCount + ChaChaPoly.tagByteCount
    /// The length of the wrapping key, in bytes.
    static let wrapKeyByteCount = ChaChaPoly.keyByteCount
    // Each wrapping key encrypts only one message, so a fixed nonce is safe (age v1 § X25519, §
    // scrypt).
    private static let nonce = [UInt8](repeating: 0, count: ChaChaPoly.nonceByteCount)

    static func seal(_ fileKey: RawSpan, wrapKey: RawSpan) throws(CryptoError) -> [UInt8] {
        try ChaChaPoly.seal(fileKey, key: wrapKey, nonce: nonce)
    }

    /// Decrypts the file key; returns `nil` if it was encrypted with another key.
    static func open(_ body: [UInt8], wrapKey: RawSpan) -> SecretBytes? {
        try? ChaChaPoly.open(body, key: wrapKey, nonce: nonce)
    }
}
