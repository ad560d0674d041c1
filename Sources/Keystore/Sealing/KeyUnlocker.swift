public import CryptoCore

/// Gives the secrets that open keys: a person at a terminal, a file, a descriptor, a command.
///
/// The keystore asks only where a secret is needed, and decides how often.
public protocol KeyUnlocker: Sendable {
    /// How many secrets are tried before opening fails: more than one where a person can correct a
    /// slip.
    var tryCount: Int { get }
    /// The secret that `prompt` names, such as `Passphrase for alice`.
    ///
    /// Throws where there is none, and where nobody can be asked.
    func passphrase(prompt: String) throws -> Passphrase
    /// Is told that the secret was wrong, and that another one is asked for.
    func noteWrongPassphrase(_ error: KeystoreError)
}

extension KeyUnlocker {
    /// What gives the same secret each time is asked once.
    public var tryCount: Int { 1 }
    /// Nothing is asked for again.
    public func noteWrongPassphrase(_ error: KeystoreError) {}
}
