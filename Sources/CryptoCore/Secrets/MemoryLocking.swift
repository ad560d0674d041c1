internal import Glibc

/// Locking memory against swapping, for a process that holds secrets for a long time.
public enum MemoryLocking {
    /// Locks all memory of the process, now and later; returns whether that was allowed.
    ///
    /// It is tried only without a limit: where there is one, a later allocation would fail at it.
    public static func lockAll() -> Bool {
        var limit = rlimit()
        let memoryLock = __rlimit_resource_t(8)  // RLIMIT_MEMLOCK
        // SAFETY: getrlimit writes the structure during the call.
        guard unsafe getrlimit(memoryLock, &limit) == 0, limit.rlim_cur == rlim_t.max else {
            return false
        }
        return mlockall(Int32(MCL_CURRENT) | Int32(MCL_FUTURE)) == 0
    }

    /// Whether the heap of secrets is locked.
    public static var locksSecrets: Bool { SecureHeap.isLocked }
}
