internal import ChatProtocol
internal import Glibc

/// The descriptors of this process.
enum Descriptors {
    // More than any room needs; a hard limit may be a thousand million.
    private static let largestLimit: rlim_t = 1 << 20

    /// Raises the soft limit to the hard one: many systems start services with 1,024.
    static func raiseLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, largestLimit))
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How many descriptors are open; the reserve where the system does not say.
    static var openCount: Int {
        // SAFETY: the directory is closed on each way out, and `readdir` is called by this thread
        // alone.
        guard let directory = unsafe opendir("/proc/self/fd") else {
            return ServerLimits.reservedDescriptorCount
        }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        return max(0, count - 3)  // `.`, `..`, and the directory itself
    }

    /// How many connections the process has room for now, beside `own` descriptors.
    ///
    /// The limit may change while the process runs.
    static func connectionCount(beside own: Int) -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return ServerLimits.unauthenticatedCount
        }
        return connectionCount(beside: own, limit: Int(clamping: limit.rlim_cur))
    }

    /// How many connections fit beside `own` descriptors where the process may have `limit`.
    ///
    /// Connections never take the last descriptors: libdispatch opens a file to look at its threads,
    /// and ends the process where it cannot.
    static func connectionCount(beside own: Int, limit: Int) -> Int {
        let free = max(0, limit - own)
        let reserve = max(free / 2, ServerLimits.leastReservedDescriptorCount)
        return max(1, free - min(reserve, ServerLimits.reservedDescriptorCount))
    }
}
