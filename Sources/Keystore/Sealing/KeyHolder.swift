public import KeyOperations

/// Another program that holds opened keys: the agent.
///
/// It is asked before a passphrase is. The keystore compares the keys that it gets with the
/// registered ones.
public protocol KeyHolder: Sendable {
    /// The keys that it holds now; none where it cannot be reached.
    func keys() -> [any IdentityKey]
}
