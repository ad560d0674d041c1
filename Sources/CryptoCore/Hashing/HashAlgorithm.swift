internal import COpenSSL

/// The hashes of signatures over bytes that a user chose (FIPS 180-4, FIPS 202).
///
/// SHA-384 is left out: only this project's own structures use it.
public enum HashAlgorithm: String, Sendable, CaseIterable {
    /// SHA-256.
    case sha256
    /// SHA-512.
    case sha512
    /// SHA3-512, which only bare signatures use.
    case sha3With512Bits = "sha3-512"

    /// The length of a digest, in bytes.
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

    /// Returns the digest of borrowed bytes; throws `CryptoError` if OpenSSL fails.
    public func digest(of message: RawSpan) throws(CryptoError) -> [UInt8] {
        let hash = try Hash(self)
        try hash.update(message)
        return try hash.finish()
    }

    /// Returns the digest of `message`; throws `CryptoError` if OpenSSL fails.
    public func digest(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try digest(of: message.borrowedBytes)
    }
}

/// A hash over several pieces.
///
/// It owns OpenSSL's context.
@safe
public struct Hash: ~Copyable {
    private let context: OpaquePointer
    private let algorithm: HashAlgorithm

    /// Begins a hash; throws `CryptoError` if OpenSSL fails.
    public init(_ algorithm: HashAlgorithm) throws(CryptoError) {
        self.algorithm = algorithm
        unsafe context = allocated(EVP_MD_CTX_new())
        try check(unsafe EVP_DigestInit_ex(context, algorithm.evp, nil), "EVP_DigestInit_ex")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds the next piece; throws `CryptoError` if OpenSSL fails.
    public borrowing func update(_ piece: RawSpan) throws(CryptoError) {
        // SAFETY: OpenSSL reads exactly `count` bytes and keeps no pointer to them.
        let status = unsafe piece.withUnsafeBytes { bytes in
            unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        }
        try check(status, "EVP_DigestUpdate")
    }

    /// Returns the digest of all pieces; throws `CryptoError` if OpenSSL fails.
    public consuming func finish() throws(CryptoError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: algorithm.byteCount)
        // SAFETY: the digest's length is written.
        try check(unsafe EVP_DigestFinal_ex(context, &digest, nil), "EVP_DigestFinal_ex")
        return digest
    }
}

/// MD5 (RFC 1321), which is broken.
///
/// It is used only for fingerprints in old logs and old PEM files.
public enum InsecureMD5 {
    /// Returns the 16-byte digest of `message`; throws `CryptoError` if OpenSSL fails.
    public static func digest(of message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try unsafe legacyDigest(of: message, EVP_md5(), count: 16)
    }

    /// Derives the key of OpenSSL's old PEM encryption (EVP_BytesToKey, one round), to read such
    /// files.
    ///
    /// No file is written with it. Throws `CryptoError` if OpenSSL fails.
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

/// SHA-1 (FIPS 180-4), whose collisions are cheap.
///
/// Only bubblebabble fingerprints use it.
public enum InsecureSHA1 {
    /// Returns the 20-byte digest of `message`; throws `CryptoError` if OpenSSL fails.
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
