public import CryptoCore
public import KeyOperations

/// A key that only acts, as one in a token does: its numbers cannot be had.
public struct OperationKey: DecryptingKey, SigningKey {
    private let base: RSAPrivateKey
    /// What it can do.
    public let capabilities: KeyCapabilities

    /// Hides `base`; by default the key does everything, and a person need not be there.
    public init(
        _ base: RSAPrivateKey,
        operations: Set<KeyOperation> = KeyOperation.all,
        confirmation: KeyCapabilities.Confirmation = .none
    ) {
        self.base = base
        capabilities = KeyCapabilities(
            operations: operations,
            confirmation: confirmation,
            isExportable: false,
            allowsUnattendedUse: true
        )
    }

    /// The public half.
    public var publicKey: RSAPublicKey { base.publicKey }

    /// Signs what the key offers to sign.
    public func sign(_ request: SignatureRequest) throws -> [UInt8] {
        try require(request.operation)
        return try base.sign(request)
    }

    /// Decrypts, where the key offers that.
    public func unwrap(_ wrapped: [UInt8], label: [UInt8]) throws -> SecretBytes {
        try require(.unwrap)
        return try base.unwrap(wrapped, label: label)
    }
}
