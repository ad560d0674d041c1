public import KeyOperations

/// Somewhere that private keys are kept: the keystore's sealed files, a token, another program.
///
/// The built-in ones stand in `KeyProviders.builtIn`; nothing else knows any of them.
public protocol KeyProvider: Sendable {
    /// The stable name that identity files use; see `KeyPlace` for its letters.
    var id: String { get }
    /// What it is, in a few words.
    var title: String { get }
    /// The key at a place; `nil` where the provider does not have it.
    ///
    /// Called on the thread that needs the key, once for each version of an unlocked identity; it may
    /// wait for a person. The keystore compares the key that it gets with the registered one.
    func key(_ request: KeyRequest) throws -> (any IdentityKey)?
}
