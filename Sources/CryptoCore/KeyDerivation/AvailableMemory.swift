internal import Glibc

/// The memory that this process may still take, by the kernel and by its control group.
enum AvailableMemory {
    /// Throws `CryptoError` if `needed` bytes are not free, before the kernel would kill the
    /// process.
    static func require(_ needed: UInt64) throws(CryptoError) {
        if let free = byteCount, free < needed {
            throw CryptoError.insufficientMemory(needed: needed, available: free)
        }
    }

    private static var byteCount: UInt64? {
        let free = line("MemAvailable:", of: "/proc/meminfo").map { $0 << 10 }
        // Version 2 control groups: the process's own group, and the one at the root of a
        // container.
        let own =
            text("/proc/self/cgroup")?.split(separator: "\n")
            .first { $0.hasPrefix("0::") }.map { $0.dropFirst(3) } ?? "/"
        let left = ["/sys/fs/cgroup\(own)", "/sys/fs/cgroup"].compactMap(leftOver)
        return (left + (free.map { [$0] } ?? [])).min()
    }

    /// Returns what a control group may still take, in bytes.
    ///
    /// Cache that it can drop counts as free.
    private static func leftOver(_ group: String) -> UInt64? {
        guard let limit = number(group + "/memory.max"),
            let used = number(group + "/memory.current")
        else { return nil }
        let cache = line("inactive_file", of: group + "/memory.stat") ?? 0
        let taken = used - min(used, cache)
        return limit - min(limit, taken)
    }

    private static func number(_ path: String) -> UInt64? {
        text(path).flatMap { UInt64($0.prefix { $0.isNumber }) }
    }

    private static func line(_ label: String, of path: String) -> UInt64? {
        text(path)?.split(separator: "\n").first { $0.hasPrefix(label) }
            .flatMap { UInt64($0.drop { !$0.isNumber }.prefix { $0.isNumber }) }
    }

    private static func text(_ path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        // SAFETY: reads at most the buffer's count.
        let count = unsafe read(file, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
