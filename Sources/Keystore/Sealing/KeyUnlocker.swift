public import CryptoCore

/// Gives the secrets that open keys: from a user at a terminal, a file, a descriptor or a command.
///
/// The keystore asks only if a secret is needed, and decides how often.
public protocol KeyUnlocker: Sendable {
    /// The number of secrets that are tried before opening fails; more than one if a user can type
    /// again.
    var tryCount: Int { get }
    /// Returns the secret that `prompt` names, such as `Passphrase for alice`.
    ///
    /// Throws if there is no secret, or if nobody can be asked.
    func passphrase(prompt: String) throws -> Passphrase
    /// Notes that the secret was wrong, before another one is asked for.
    func noteWrongPassphrase(_ error: KeystoreError)
}

extension KeyUnlocker {
    /// By default, one secret is tried, because the source gives the same secret each time.
    public var tryCount: Int { 1 }
    /// By default, does nothing.
    public func noteWrongPassphrase(_ error: KeystoreError) {}
}
