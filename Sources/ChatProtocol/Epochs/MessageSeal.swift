internal import CryptoCore

/// Encrypts and decrypts one message with a key from its sender chain.
enum MessageSeal {
    // One derivation gives the key, the nonce and the commitment. AES-GCM alone does not commit to
    // its key: without the commitment, one ciphertext could decrypt to different texts for two
    // members.
    static let secretByteCount = AESGCM.keyByteCount + AESGCM.nonceByteCount + commitmentByteCount
    static let commitmentByteCount = 32
    static let idByteCount = 16

    static func seal(
        _ text: [UInt8],
        chain: SenderChain,
        id: [UInt8],
        header: [UInt8]
    ) throws(CryptoError) -> (ciphertext: [UInt8], commitment: [UInt8]) {
        let secret = try chain.messageSecret(id: id)
        let key = SecretBytes(copying: secret.bytes.extracting(0..<32))
        let nonce = SecretBytes(copying: secret.bytes.extracting(32..<44)).publicBytes
        let commitment = SecretBytes(copying: secret.bytes.extracting(44..<76)).publicBytes
        let ciphertext = try AESGCM.seal(
            text.borrowedBytes,
            key: key.bytes,
            nonce: nonce,
            authenticating: header
        )
        return (ciphertext, commitment)
    }

    static func open(
        _ ciphertext: [UInt8],
        commitment: [UInt8],
        chain: SenderChain,
        id: [UInt8],
        header: [UInt8]
    ) throws(CryptoError) -> [UInt8]? {
        let secret = try chain.messageSecret(id: id)
        let expected = SecretBytes(copying: secret.bytes.extracting(44..<76))
        guard constantTimeEquals(expected.bytes, commitment.borrowedBytes) else { return nil }
        let key = SecretBytes(copying: secret.bytes.extracting(0..<32))
        let nonce = SecretBytes(copying: secret.bytes.extracting(32..<44)).publicBytes
        let text = try AESGCM.open(
            ciphertext,
            key: key.bytes,
            nonce: nonce,
            authenticating: header
        )
        return text.publicBytes
    }
}
