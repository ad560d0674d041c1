internal import CryptoCore
internal import KeyOperations

/// A key that writes an entry to the audit log before its first use.
struct AuditedKey: DecryptingKey, SigningKey {
    /// The key itself.
    let base: any IdentityKey
    /// Its entry in the log.
    let use: AuditedUse

    var publicKey: RSAPublicKey { base.publicKey }
    var capabilities: KeyCapabilities { base.capabilities }

    func sign(_ request: SignatureRequest) throws -> [UInt8] {
        try base.require(request.operation)
        use.note()
        return try base.sign(request)
    }

    func unwrap(_ wrapped: [UInt8], label: [UInt8]) throws -> SecretBytes {
        try base.require(.unwrap)
        use.note()
        return try base.unwrap(wrapped, label: label)
    }
}
