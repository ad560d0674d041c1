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

    /// How many connections the process has room for, beside its own files.
    static var connectionCount: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return ServerLimits.unauthenticatedCount
        }
        let all = Int(clamping: limit.rlim_cur)
        return max(1, all - min(all / 2, ServerLimits.reservedDescriptorCount))
    }
}
