internal import Synchronization

/// The entry of the audit log that must be written before the first use of a key.
final class AuditedUse: Sendable {
    private let isWritten = Mutex(false)
    private let write: @Sendable () -> Bool

    /// `write` appends the entry and returns whether that succeeded.
    init(_ write: @escaping @Sendable () -> Bool) { self.write = write }

    /// Writes the entry, unless it is written; after a failure, the next use tries again.
    ///
    /// Other threads wait meanwhile, so no thread uses the key before its entry is written.
    func note() {
        isWritten.withLock { isWritten in
            guard !isWritten else { return }
            isWritten = write()
        }
    }
}
