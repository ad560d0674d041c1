internal import CArgon2
internal import Glibc

/// Argon2id (RFC 9106), version 0x13.
public enum Argon2id {
    /// What a derivation costs.
    public struct Parameters: Hashable, Sendable {
        /// Memory in KiB.
        public let memoryKiB: UInt32
        /// Passes over the memory.
        public let passes: UInt32
        /// Lanes, each a thread.
        public let lanes: UInt32

        /// 256 MiB, three passes, four lanes: what a passphrase is sealed with unless told otherwise.
        public static let standard = Parameters(memoryKiB: 256 << 10, passes: 3, lanes: 4)
        /// The least that is ever written: 19 MiB, two passes (OWASP's minimum).
        public static let floor = Parameters(memoryKiB: 19 << 10, passes: 2, lanes: 1)

        /// Most memory that is read without being asked for: 1 GiB.
        public static let readableMemoryKiB: UInt64 = 1 << 20
        /// Most memory times passes that is read without being asked for: 4 GiB.
        public static let readableWorkKiB: UInt64 = 4 << 20

        /// Takes the three numbers as they are; `isWritable` and `isReadable` judge them.
        public init(memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
            self.memoryKiB = memoryKiB
            self.passes = passes
            self.lanes = lanes
        }

        /// Whether a new file may be sealed so: at or above the floor.
        public var isWritable: Bool {
            memoryKiB >= Parameters.floor.memoryKiB && passes >= Parameters.floor.passes
                && (1...64).contains(lanes) && isReadable
        }

        /// Whether a file found somewhere may be opened so: no machine is occupied by it.
        public var isReadable: Bool {
            (1...64).contains(lanes) && memoryKiB >= 8 * lanes && passes >= 1
                && UInt64(memoryKiB) <= Parameters.readableMemoryKiB
                && UInt64(memoryKiB) * UInt64(passes) <= Parameters.readableWorkKiB
        }
    }

    /// The length of a salt.
    public static let saltByteCount = 16

    /// Derives 32 bytes from a passphrase.
    ///
    /// Throws `CryptoError` where the memory is not to be had: never a weaker key.
    public static func derive(
        from passphrase: RawSpan,
        salt: [UInt8],
        parameters: Parameters
    ) throws(CryptoError) -> SecretBytes {
        guard salt.count >= 8 else { throw CryptoError.invalidParameter("a salt is too short") }
        let needed = UInt64(parameters.memoryKiB) << 10
        if let free = AvailableMemory.byteCount, free < needed {
            throw CryptoError.insufficientMemory(needed: needed, available: free)
        }
        return try SecretBytes(count: 32) { view throws(CryptoError) in
            // SAFETY: argon2 reads the counts given and writes 32 bytes.
            let status = unsafe passphrase.withUnsafeBytes { password in
                unsafe view.withUnsafeMutableBytes { output in
                    unsafe argon2id_hash_raw(
                        parameters.passes,
                        parameters.memoryKiB,
                        parameters.lanes,
                        password.baseAddress,
                        password.count,
                        salt,
                        salt.count,
                        output.baseAddress,
                        output.count
                    )
                }
            }
            guard status != ARGON2_MEMORY_ALLOCATION_ERROR.rawValue else {
                throw CryptoError.insufficientMemory(needed: needed, available: 0)
            }
            guard status == ARGON2_OK.rawValue else {
                throw CryptoError.libraryFailure("argon2id_hash_raw")
            }
        }
    }
}

/// How much memory this process may still take, by the kernel and by its control group.
private enum AvailableMemory {
    static var byteCount: UInt64? {
        let free = line("MemAvailable:", of: "/proc/meminfo").map { $0 << 10 }
        // Version 2 control groups: one's own, and the one at the root of a container.
        let own =
            text("/proc/self/cgroup")?.split(separator: "\n")
            .first { $0.hasPrefix("0::") }.map { $0.dropFirst(3) } ?? "/"
        let left = ["/sys/fs/cgroup\(own)", "/sys/fs/cgroup"].compactMap(leftOver)
        return (left + (free.map { [$0] } ?? [])).min()
    }

    /// What a control group may still take; the cache that it can drop counts as free.
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
