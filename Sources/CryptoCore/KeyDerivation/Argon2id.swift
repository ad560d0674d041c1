internal import CArgon2

/// Argon2id (RFC 9106), version 0x13.
public enum Argon2id {
    /// The cost of a derivation.
    public struct Parameters: Hashable, Sendable {
        /// The memory, in KiB.
        public let memoryKiB: UInt32
        /// The number of passes over the memory.
        public let passes: UInt32
        /// The number of lanes; each lane is a thread.
        public let lanes: UInt32

        /// The default: 256 MiB, three passes, four lanes.
        public static let standard = Parameters(memoryKiB: 256 << 10, passes: 3, lanes: 4)
        /// The least cost that is written: 19 MiB, two passes (OWASP's minimum).
        public static let floor = Parameters(memoryKiB: 19 << 10, passes: 2, lanes: 1)

        /// The most memory that is read by default, in KiB: 1 GiB.
        public static let readableMemoryKiB: UInt64 = 1 << 20
        /// The most memory times passes that is read by default, in KiB: 4 GiB.
        public static let readableWorkKiB: UInt64 = 4 << 20

        /// Stores the three numbers; `isWritable` and `isReadable` judge them.
        public init(memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
            self.memoryKiB = memoryKiB
            self.passes = passes
            self.lanes = lanes
        }

        /// Whether a new file may be sealed with these parameters: at or above the floor.
        public var isWritable: Bool {
            memoryKiB >= Parameters.floor.memoryKiB && passes >= Parameters.floor.passes
                && (1...64).contains(lanes) && isReadable
        }

        /// Whether a foreign file with these parameters may be opened: it cannot occupy the
        /// machine.
        public var isReadable: Bool {
            (1...64).contains(lanes) && memoryKiB >= 8 * lanes && passes >= 1
                && UInt64(memoryKiB) <= Parameters.readableMemoryKiB
                && UInt64(memoryKiB) * UInt64(passes) <= Parameters.readableWorkKiB
        }
    }

    /// The length of a salt, in bytes.
    public static let saltByteCount = 16

    /// Derives 32 bytes from a passphrase.
    ///
    /// Throws `CryptoError` if too little memory is free (a weaker key is never the answer), or if
    /// the salt is shorter than 8 bytes.
    public static func derive(
        from passphrase: RawSpan,
        salt: [UInt8],
        parameters: Parameters
    ) throws(CryptoError) -> SecretBytes {
        guard salt.count >= 8 else {
            throw CryptoError.invalidParameter("the salt of Argon2id is shorter than 8 bytes")
        }
        let needed = UInt64(parameters.memoryKiB) << 10
        try AvailableMemory.require(needed)
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

extension Argon2id {
    /// Returns a tag with secret and associated data.
    ///
    /// The keystore does not use these; published vectors do. Throws `CryptoError` if argon2 fails.
    package static func knownAnswer(
        password: [UInt8],
        salt: [UInt8],
        secret: [UInt8],
        associated: [UInt8],
        parameters: Parameters,
        tagByteCount: Int
    ) throws(CryptoError) -> [UInt8] {
        var (password, salt, secret, associated) = (password, salt, secret, associated)
        var tag = [UInt8](repeating: 0, count: tagByteCount)
        // SAFETY: each pointer is valid during the call and comes with its own count.
        let status = unsafe tag.withUnsafeMutableBufferPointer { tag in
            unsafe password.withUnsafeMutableBufferPointer { password in
                unsafe salt.withUnsafeMutableBufferPointer { salt in
                    unsafe secret.withUnsafeMutableBufferPointer { secret in
                        unsafe associated.withUnsafeMutableBufferPointer { associated in
                            var context = unsafe argon2_context()
                            unsafe context.out = tag.baseAddress
                            unsafe context.outlen = UInt32(tag.count)
                            unsafe context.pwd = password.baseAddress
                            unsafe context.pwdlen = UInt32(password.count)
                            unsafe context.salt = salt.baseAddress
                            unsafe context.saltlen = UInt32(salt.count)
                            unsafe context.secret = secret.baseAddress
                            unsafe context.secretlen = UInt32(secret.count)
                            unsafe context.ad = associated.baseAddress
                            unsafe context.adlen = UInt32(associated.count)
                            unsafe context.t_cost = parameters.passes
                            unsafe context.m_cost = parameters.memoryKiB
                            unsafe context.lanes = parameters.lanes
                            unsafe context.threads = parameters.lanes
                            unsafe context.version = ARGON2_VERSION_13.rawValue
                            return unsafe argon2id_ctx(&context)
                        }
                    }
                }
            }
        }
        guard status == ARGON2_OK.rawValue else { throw CryptoError.libraryFailure("argon2id_ctx") }
        return tag
    }
}
