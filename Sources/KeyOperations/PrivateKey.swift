public import CryptoCore

/// A private key as something that can be asked to act, wherever its numbers are kept.
///
/// A key from the keystore conforms, and a key in a token, behind an agent or in another program can
/// conform. Each call blocks its thread until the key has answered; a key that waits for a person may
/// take minutes.
public protocol PrivateKey: Sendable {
    /// The public half.
    var publicKey: RSAPublicKey { get }
    /// What the key can do, and on what terms.
    var capabilities: KeyCapabilities { get }
}

extension PrivateKey {
    /// The key's numbers; `nil` where they cannot leave the key's holder.
    public var material: RSAPrivateKey? { capabilities.isExportable ? self as? RSAPrivateKey : nil }

    /// Throws `KeyOperationError` where the key cannot do `operation`.
    public func require(_ operation: KeyOperation) throws(KeyOperationError) {
        guard capabilities.operations.contains(operation) else {
            throw KeyOperationError.unsupported(operation)
        }
    }
}
