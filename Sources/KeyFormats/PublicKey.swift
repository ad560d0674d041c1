public import CryptoCore

/// A public key as the registry and the keystore know it.
public struct PublicKey: Sendable, Equatable {
    /// The key.
    public let rsa: RSAPublicKey
    /// The key as SubjectPublicKeyInfo, in OpenSSL's one encoding of it.
    public let spkiDER: [UInt8]
    /// What people compare.
    public let fingerprint: Fingerprint

    /// Takes a key; throws `KeyFormatError` where one look shows that it could be broken.
    ///
    /// `allowingWeak` is for looking at such keys, and for those that somebody accepted by name.
    public init(_ rsa: RSAPublicKey, allowingWeak: Bool = false) throws(KeyFormatError) {
        if !allowingWeak, let weakness = RSAWeakness.obvious(in: rsa) {
            throw KeyFormatError.weakKey(weakness.reason, code: weakness.codeName)
        }
        do { spkiDER = try rsa.spkiDERRepresentation() } catch {
            throw KeyFormatError.damaged("public key")
        }
        self.rsa = rsa
        fingerprint = Fingerprint(of: rsa)
    }

    /// Reads SubjectPublicKeyInfo in its one encoding.
    public init(spkiDER der: [UInt8], allowingWeak: Bool = false) throws(KeyFormatError) {
        do { try self.init(RSAPublicKey(spkiDER: der), allowingWeak: allowingWeak) } catch let error
            as KeyFormatError
        {
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
