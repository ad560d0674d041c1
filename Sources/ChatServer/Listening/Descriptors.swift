internal import ChatProtocol
internal import Glibc

/// The file descriptors of this process: its limit, and how many are open.
enum Descriptors {
    // No server needs more; the hard limit may be a thousand million.
    private static let largestLimit: rlim_t = 1 << 20

    /// Raises the soft limit to the hard one, because many systems start services with 1,024.
    static func raiseLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, largestLimit))
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// The number of open descriptors; the reserve if the system does not tell it.
    static var openCount: Int {
        // SAFETY: the directory is closed on each way out, and only this thread calls `readdir` on
        // it.
        guard let directory = unsafe opendir("/proc/self/fd") else {
            return ServerLimits.reservedDescriptorCount
        }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        return max(0, count - 3)  // `.`, `..`, and the directory itself
    }

    /// Returns for how many connections the process has descriptors now, besides `own` ones.
    ///
    /// The limit may change while the process runs.
    static func connectionCount(beside own: Int) -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return ServerLimits.unauthenticatedCount
        }
        return connectionCount(beside: own, limit: Int(clamping: limit.rlim_cur))
    }

    /// Returns how many connections fit besides `own` descriptors, if the process may have `limit`.
    ///
    /// Connections never take the last descriptors: libdispatch opens a file to examine its
    /// threads, and ends the process if it cannot.
    static func connectionCount(beside own: Int, limit: Int) -> Int {
        let free = max(0, limit - own)
        let reserve = max(free / 2, ServerLimits.leastReservedDescriptorCount)
        return max(1, free - min(reserve, ServerLimits.reservedDescriptorCount))
    }
}
