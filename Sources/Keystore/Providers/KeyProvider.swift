public import KeyOperations

/// A place where private keys are kept: the keystore's sealed files, a token, or another program.
///
/// `KeyProviders.builtIn` has the built-in providers. No other code names them.
public protocol KeyProvider: Sendable {
    /// The stable name that identity files use; see `KeyPlace` for its letters.
    var id: String { get }
    /// A short description for lists.
    var title: String { get }
    /// Returns the key at a place; `nil` if the provider does not have it.
    ///
    /// It is called on the thread that needs the key, once for each version of an unlocked
    /// identity, and may wait for a user. The keystore compares the returned key with the
    /// registered one.
    func key(_ request: KeyRequest) throws -> (any IdentityKey)?
}
