public import CryptoCore

/// What a private key file holds before it is opened.
public enum PrivateKeyFile: Sendable {
    /// A key that no passphrase protects.
    case plain(RSAPrivateKey)
    /// An EncryptedPrivateKeyInfo; `EncryptedPrivateKey.open` opens it.
    case encrypted([UInt8])

    /// Largest key file that is read.
    public static let largestByteCount = 1 << 20

    /// The private key in a file's bytes: PKCS#8 plain or encrypted, or PKCS#1, as PEM or DER.
    ///
    /// `nil` where the bytes are not of a private key at all.
    public static func decode(_ text: RawSpan) throws -> PrivateKeyFile? {
        guard let block = try PEM.block(in: text) else {
            guard let key = try? RSAPrivateKey(der: text) else {
                let bytes = SecretBytes(copying: text).publicBytes
                return EncryptedPrivateKey.isEncoded(in: bytes) ? .encrypted(bytes) : nil
            }
            try key.validate()
            return .plain(key)
        }
        switch block.label {
        case "PRIVATE KEY", "RSA PRIVATE KEY":
            // RFC 1421 headers mean OpenSSL's old encryption, whose key derivation is one MD5.
            guard !PrivateKeyFile.hasHeader(block, in: text) else {
                throw KeyFormatError.legacyEncryptedPEM
            }
            let der = try PEM.bytes(of: block, in: text)
            let key = try RSAPrivateKey(der: der.bytes)
            try key.validate()
            return .plain(key)
        case "ENCRYPTED PRIVATE KEY":
            let der = try PEM.bytes(of: block, in: text)
            return .encrypted(der.publicBytes)
        case "OPENSSH PRIVATE KEY":
            throw KeyFormatError.openSSHPrivateKey
        default:
            return nil
        }
    }

    private static func hasHeader(_ block: PEM.Block, in text: RawSpan) -> Bool {
        block.body.contains { index in
            // SAFETY: the block's range lies within the text.
            unsafe text.unsafeLoad(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: ":")
        }
    }
}
