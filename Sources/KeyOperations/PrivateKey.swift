public import CryptoCore

/// A private key as a set of operations, wherever its numbers are kept.
///
/// A key of the keystore conforms; a key in a token, behind an agent or in another program can
/// conform. Each call blocks the calling thread until the key has answered. That may take minutes
/// if a user must confirm.
public protocol PrivateKey: Sendable {
    /// The public key.
    var publicKey: RSAPublicKey { get }
    /// The operations that the key offers, and the conditions of its use.
    var capabilities: KeyCapabilities { get }
}

extension PrivateKey {
    /// The key's numbers; `nil` if they cannot be exported.
    public var material: RSAPrivateKey? { capabilities.isExportable ? self as? RSAPrivateKey : nil }

    /// Throws `KeyOperationError` if the key does not offer `operation`.
    public func require(_ operation: KeyOperation) throws(KeyOperationError) {
        guard capabilities.operations.contains(operation) else {
            throw KeyOperationError.unsupported(operation)
        }
    }
}
