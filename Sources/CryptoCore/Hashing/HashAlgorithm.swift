internal import COpenSSL

/// The hashes of signatures over bytes that a user chose (FIPS 180-4, FIPS 202).
///
/// SHA-384 is not among them: it is kept for this project's own structures.
public enum HashAlgorithm: String, Sendable, CaseIterable {
    /// SHA-256.
    case sha256
    /// SHA-512.
    case sha512
    /// SHA3-512, which bare signatures use and nothing else does.
    case sha3With512Bits = "sha3-512"

    /// The length of a digest in bytes.
    public var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha512, .sha3With512Bits: 64
        }
    }

    var evp: OpaquePointer? {
        switch self {
        case .sha256: unsafe EVP_sha256()
        case .sha512: unsafe EVP_sha512()
        case .sha3With512Bits: unsafe EVP_sha3_512()
        }
    }

    /// The digest of borrowed bytes.
    public func digest(of message: RawSpan) throws(CryptoError) -> [UInt8] {
        let hash = try Hash(self)
        try hash.update(message)
        return try hash.finish()
    }

    /// The digest of `message`.
    public func digest(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try digest(of: message.borrowedBytes)
    }
}

/// A hash that is fed piece by piece.
@safe
public struct Hash: ~Copyable {
    private let context: OpaquePointer
    private let algorithm: HashAlgorithm

    /// Starts a hash.
    public init(_ algorithm: HashAlgorithm) throws(CryptoError) {
        self.algorithm = algorithm
        unsafe context = allocated(EVP_MD_CTX_new())
        try check(unsafe EVP_DigestInit_ex(context, algorithm.evp, nil), "EVP_DigestInit_ex")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Takes the next piece.
    public borrowing func update(_ piece: RawSpan) throws(CryptoError) {
        // SAFETY: OpenSSL reads exactly `count` bytes and keeps no pointer to them.
        let status = unsafe piece.withUnsafeBytes { bytes in
            unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        }
        try check(status, "EVP_DigestUpdate")
    }

    /// The digest of all pieces.
    public consuming func finish() throws(CryptoError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: algorithm.byteCount)
        // SAFETY: the digest's length is written.
        try check(unsafe EVP_DigestFinal_ex(context, &digest, nil), "EVP_DigestFinal_ex")
        return digest
    }
}

/// MD5 (RFC 1321), which is broken: for fingerprints in old logs, and for nothing else.
public enum InsecureMD5 {
    /// The 16-byte digest of `message`.
    public static func digest(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try unsafe legacyDigest(of: message, EVP_md5(), count: 16)
    }

    /// The key that OpenSSL's old PEM encryption makes of a passphrase (EVP_BytesToKey, one round):
    /// to read such files, and never to write one.
    public static func key(
        from passphrase: RawSpan,
        salt: [UInt8],
        count: Int
    ) throws(CryptoError) -> SecretBytes {
        let digestByteCount = 16
        return try SecretBytes(count: count) { view throws(CryptoError) in
            var filled = 0
            var previous = SecretBytes(copying: [UInt8]().borrowedBytes)
            while filled < count {
                let message = SecretBytes(
                    count: previous.count + passphrase.byteCount + salt.count
                ) { room in
                    room.copy(previous.bytes, to: 0)
                    room.copy(passphrase, to: previous.count)
                    room.copy(salt.borrowedBytes, to: previous.count + passphrase.byteCount)
                }
                previous = try SecretBytes(count: digestByteCount) { room throws(CryptoError) in
                    // SAFETY: reads the message's count, writes 16 bytes.
                    let status = unsafe message.bytes.withUnsafeBytes { input in
                        unsafe room.withUnsafeMutableBytes { output in
                            unsafe EVP_Digest(
                                input.baseAddress,
                                input.count,
                                output.assumingMemoryBound(to: UInt8.self).baseAddress,
                                nil,
                                EVP_md5(),
                                nil
                            )
                        }
                    }
                    try check(status, "EVP_Digest")
                }
                let taken = min(digestByteCount, count - filled)
                view.copy(previous.bytes.extracting(first: taken), to: filled)
                filled += taken
            }
        }
    }
}

/// SHA-1 (FIPS 180-4), whose collisions are cheap: for bubblebabble fingerprints alone.
public enum InsecureSHA1 {
    /// The 20-byte digest of `message`.
    public static func digest(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try unsafe legacyDigest(of: message, EVP_sha1(), count: 20)
    }
}

private func legacyDigest(
    of message: [UInt8],
    _ algorithm: OpaquePointer?,
    count: Int
) throws(CryptoError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: count)
    // SAFETY: reads the message's count, writes the digest's length.
    let status = unsafe EVP_Digest(message, message.count, &digest, nil, algorithm, nil)
    try check(status, "EVP_Digest")
    return digest
}
