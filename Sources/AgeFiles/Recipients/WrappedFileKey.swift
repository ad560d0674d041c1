internal import CryptoCore

/// A file key under a key that is used once, as stanzas of X25519 and scrypt hold it.
enum WrappedFileKey {
    /// The length of a stanza's body.
    static let byteCount = AgeHeader.fileKeyByteCount + ChaChaPoly.tagByteCount
    /// The length of the key it is wrapped with.
    static let wrapKeyByteCount = ChaChaPoly.keyByteCount
    // Each wrap key seals one message (age v1 § X25519, § scrypt).
    private static let nonce = [UInt8](repeating: 0, count: ChaChaPoly.nonceByteCount)

    static func seal(_ fileKey: RawSpan, wrapKey: RawSpan) throws(CryptoError) -> [UInt8] {
        try ChaChaPoly.seal(fileKey, key: wrapKey, nonce: nonce)
    }

    /// The file key; `nil` where the wrap key is another one.
    static func open(_ body: [UInt8], wrapKey: RawSpan) -> SecretBytes? {
        try? ChaChaPoly.open(body, key: wrapKey, nonce: nonce)
    }
}
