public import CryptoCore

/// A public key as the registry and the keystore know it.
public struct PublicKey: Sendable, Equatable {
    /// The key.
    public let rsa: RSAPublicKey
    /// The key as SubjectPublicKeyInfo, in OpenSSL's one encoding of it.
    public let spkiDER: [UInt8]
    /// What people compare.
    public let fingerprint: Fingerprint

    /// Takes a key; throws `KeyFormatError` where it could be broken.
    public init(_ rsa: RSAPublicKey) throws(KeyFormatError) {
        try KeyStrength.check(rsa)
        do { spkiDER = try rsa.spkiDERRepresentation() } catch {
            throw KeyFormatError.damaged("public key")
        }
        self.rsa = rsa
        fingerprint = Fingerprint(of: rsa)
    }

    /// Reads SubjectPublicKeyInfo in its one encoding.
    public init(spkiDER der: [UInt8]) throws(KeyFormatError) {
        do { try self.init(RSAPublicKey(spkiDER: der)) } catch let error as KeyFormatError {
            throw error
        } catch {
            throw KeyFormatError.damaged("public key")
        }
        guard spkiDER == der else { throw KeyFormatError.damaged("public key") }
    }

    /// The identity that this key is version 1 of: SHA-256 of its SubjectPublicKeyInfo.
    public var identityID: SHA256Digest { SHA256Digest(hashing: spkiDER) }

    /// Whether both are the same key.
    public static func == (left: PublicKey, right: PublicKey) -> Bool {
        left.spkiDER == right.spkiDER
    }
}

/// What makes an RSA key breakable whatever it is used for.
enum KeyStrength {
    private static let smallestExponent = 65_537
    private static let largestExponentByteCount = 32  // FIPS 186-5 § A.1.1: below 2^256

    static func check(_ key: RSAPublicKey) throws(KeyFormatError) {
        guard key.bitCount >= RSAPublicKey.smallestBitCount else {
            throw KeyFormatError.weakKey(
                "\(key.bitCount) bits, at least \(RSAPublicKey.smallestBitCount) are needed"
            )
        }
        let exponent = key.exponent
        guard let last = exponent.last, !last.isMultiple(of: 2),
            exponent.count <= largestExponentByteCount,
            exponent.count > 8
                || exponent.reduce(0 as UInt64, { $0 << 8 | UInt64($1) }) >= smallestExponent
        else { throw KeyFormatError.weakKey("its public exponent is even, below 65537 or huge") }
        guard let low = key.modulus.last, !low.isMultiple(of: 2) else {
            throw KeyFormatError.weakKey("its modulus is even")
        }
    }
}
