internal import COpenSSL

/// `bcrypt_pbkdf`, the key derivation of OpenSSH's private key files (OpenBSD, 2013): PBKDF2 whose
/// hash is bcrypt over SHA-512 of the passphrase and the salt.
public enum BcryptPBKDF {
    /// The number of rounds that is written, as `ssh-keygen` does.
    public static let roundCount = 24
    /// The largest number of rounds that is read: about half a minute of work.
    public static let largestRoundCount = 2_000
    /// The largest salt that is read, in bytes.
    public static let largestSaltByteCount = 1024

    private static let blockByteCount = 32
    private static let wordCount = 8
    private static let text = Array("OxychromaticBlowfishSwatDynamite".utf8)

    /// Derives `count` bytes, at most 1,024.
    ///
    /// Throws `CryptoError` if the passphrase or the salt is empty, or if the cost is out of
    /// bounds.
    public static func derive(
        from passphrase: RawSpan,
        salt: [UInt8],
        roundCount: Int,
        count: Int
    ) throws(CryptoError) -> SecretBytes {
        guard passphrase.byteCount > 0, (1...largestSaltByteCount).contains(salt.count),
            (1...largestRoundCount).contains(roundCount), (1...1024).contains(count)
        else {
            throw CryptoError.invalidParameter(
                "opening this private key would take too long: its passphrase has "
                    + "\(roundCount) rounds of bcrypt",
                hint: "if you trust it, convert it first: ssh-keygen -p -a 24 -f COPY"
            )
        }
        let key = try digest(passphrase)
        // The bytes of the blocks are interleaved, not written one block after the other.
        let stride = (count + blockByteCount - 1) / blockByteCount
        var share = (count + stride - 1) / stride
        return try SecretBytes(count: count) { view throws(CryptoError) in
            var left = count
            var number = 1
            while left > 0 {
                let block = try block(number, key: key.bytes, salt: salt, roundCount)
                share = min(share, left)
                var dealt = 0
                while dealt < share, dealt * stride + number - 1 < count {
                    // SAFETY: a share is at most the block's 32 bytes.
                    let byte = unsafe block.bytes.unsafeLoad(
                        fromByteOffset: dealt,
                        as: UInt8.self
                    )
                    view.storeBytes(
                        of: byte,
                        toByteOffset: dealt * stride + number - 1,
                        as: UInt8.self
                    )
                    dealt += 1
                }
                left -= dealt
                number += 1
            }
        }
    }

    private static func block(
        _ number: Int,
        key: RawSpan,
        salt: [UInt8],
        _ roundCount: Int
    ) throws(CryptoError) -> SecretBytes {
        let counter = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        let first = salt + counter
        return try SecretBytes(count: blockByteCount) { sum throws(CryptoError) in
            var saltDigest = try digest(first.borrowedBytes)
            for _ in 0..<roundCount {
                let round = hash(key: key, salt: saltDigest.bytes)
                for index in 0..<blockByteCount {
                    // SAFETY: both hold 32 bytes.
                    let byte = unsafe round.bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                    let before = unsafe sum.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                    sum.storeBytes(of: byte ^ before, toByteOffset: index, as: UInt8.self)
                }
                saltDigest = try digest(round.bytes)
            }
        }
    }

    private static func digest(_ bytes: RawSpan) throws(CryptoError) -> SecretBytes {
        try SecretBytes(count: 64) { view throws(CryptoError) in
            // SAFETY: reads the count given and writes 64 bytes.
            let status = unsafe bytes.withUnsafeBytes { input in
                unsafe view.withUnsafeMutableBytes { output in
                    unsafe EVP_Digest(
                        input.baseAddress,
                        input.count,
                        output.assumingMemoryBound(to: UInt8.self).baseAddress,
                        nil,
                        EVP_sha512(),
                        nil
                    )
                }
            }
            try check(status, "EVP_Digest")
        }
    }

    /// Returns bcrypt of a fixed text: 64 expansions of key and salt, then 64 encryptions.
    private static func hash(key: RawSpan, salt: RawSpan) -> SecretBytes {
        let cipher = Blowfish()
        cipher.expand(key: key, salt: salt)
        for _ in 0..<64 {
            cipher.expand(key: salt, salt: nil)
            cipher.expand(key: key, salt: nil)
        }
        var words = stride(from: 0, to: text.count, by: 4).map { start in
            text[start..<(start + 4)].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        }
        for _ in 0..<64 {
            for index in stride(from: 0, to: wordCount, by: 2) {
                var (left, right) = (words[index], words[index + 1])
                cipher.encrypt(&left, &right)
                (words[index], words[index + 1]) = (left, right)
            }
        }
        let result = SecretBytes(count: blockByteCount) { view in
            for (index, word) in words.enumerated() {
                view.storeBytes(
                    of: word.littleEndian,
                    toByteOffset: 4 * index,
                    as: UInt32.self
                )
            }
        }
        // SAFETY: the bytes are the array's own, and the pointer is valid during the call.
        unsafe words.withUnsafeMutableBytes { unsafe cleanse($0) }
        return result
    }
}
