public import CryptoCore
public import KeyOperations

/// What keyctl learns of a key in a token.
public struct TokenKeyDescription: Sendable {
    /// The URI that finds the key again; it holds no secret.
    public let reference: String
    /// The public half.
    public let publicKey: RSAPublicKey
    /// The operations that the token takes with this key.
    public let operations: Set<KeyOperation>
    /// Whether a person enters the PIN before each use.
    public let asksForEachUse: Bool

    init(_ key: TokenKey) {
        reference = key.uri.description
        publicKey = key.publicKey
        operations = key.operations
        asksForEachUse = key.asksForEachUse
    }
}
