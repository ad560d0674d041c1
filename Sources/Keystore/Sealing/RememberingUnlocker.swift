public import CryptoCore
internal import Synchronization

/// An unlocker that remembers the last secret; after the key is open, it is the right one.
public final class RememberingUnlocker: KeyUnlocker {
    private let base: any KeyUnlocker
    private let last = Mutex<Passphrase?>(nil)

    /// Creates an unlocker that asks `base`.
    public init(_ base: any KeyUnlocker) { self.base = base }

    /// The last secret; `nil` if none was needed.
    public var passphrase: Passphrase? { last.withLock(\.self) }

    /// The number of tries of `base`.
    public var tryCount: Int { base.tryCount }

    /// Asks `base` and remembers the secret.
    public func passphrase(prompt: String) throws -> Passphrase {
        let given = try base.passphrase(prompt: prompt)
        last.withLock { $0 = given }
        return given
    }

    /// Passes the notice to `base`.
    public func noteWrongPassphrase(_ error: KeystoreError) { base.noteWrongPassphrase(error) }
}
