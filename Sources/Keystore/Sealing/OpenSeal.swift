internal import CryptoCore

/// What opened a sealed file: the lock in its header, and the data key behind it.
///
/// An unlocked identity owns it, so that its file can be sealed anew.
final class OpenSeal: Sendable {
    let lock: DataKeyLock
    let dataKey: SecretBytes

    init(lock: DataKeyLock, dataKey: consuming SecretBytes) {
        self.lock = lock
        self.dataKey = dataKey
    }
}
