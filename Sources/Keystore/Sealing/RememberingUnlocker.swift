public import CryptoCore
internal import Synchronization

/// An unlocker that keeps the last secret that was given: the one that opened the key, once it is
/// open.
public final class RememberingUnlocker: KeyUnlocker {
    private let base: any KeyUnlocker
    private let last = Mutex<Passphrase?>(nil)

    /// Asks `base`.
    public init(_ base: any KeyUnlocker) { self.base = base }

    /// The last secret; `nil` where none was needed.
    public var passphrase: Passphrase? { last.withLock(\.self) }

    /// As many as those of the other unlocker.
    public var tryCount: Int { base.tryCount }

    /// Asks the other unlocker, and keeps what it gives.
    public func passphrase(prompt: String) throws -> Passphrase {
        let given = try base.passphrase(prompt: prompt)
        last.withLock { $0 = given }
        return given
    }

    /// Tells the other unlocker.
    public func noteWrongPassphrase(_ error: KeystoreError) { base.noteWrongPassphrase(error) }
}
