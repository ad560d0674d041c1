internal import CryptoCore
internal import KeyOperations

/// A key whose use is noted in the audit log before it acts the first time.
struct AuditedKey: DecryptingKey, SigningKey {
    /// The key that acts.
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
