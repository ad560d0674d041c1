public import CryptoCore

/// A key whose numbers are in this process: it signs and decrypts here.
extension RSAPrivateKey: DecryptingKey, SigningKey {
    /// All operations, exportable, without a user's confirmation.
    public var capabilities: KeyCapabilities { .material }

    /// Signs in this process.
    public func sign(_ request: SignatureRequest) throws -> [UInt8] {
        switch request {
        case .statement(let bytes): try signature(over: bytes)
        case .digest(let digest, let scheme): try signature(ofDigest: digest, scheme: scheme)
        }
    }

    /// Decrypts in this process.
    public func unwrap(_ wrapped: [UInt8], label: [UInt8]) throws -> SecretBytes {
        try decrypt(wrapped, label: label)
    }
}
