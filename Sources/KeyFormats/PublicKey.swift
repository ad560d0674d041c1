public import CryptoCore

/// A public key as the registry and the keystore use it.
public struct PublicKey: Sendable, Equatable {
    /// The key.
    public let rsa: RSAPublicKey
    /// The key as SubjectPublicKeyInfo, in OpenSSL's encoding, which is the only one accepted.
    public let spkiDER: [UInt8]
    /// The fingerprint, which people compare.
    public let fingerprint: Fingerprint

    /// Takes a key; throws `KeyFormatError` if it is obviously weak.
    ///
    /// `allowingWeak` takes weak keys, too: for examining them, or because the owner accepted one.
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

    /// Reads a SubjectPublicKeyInfo; throws `KeyFormatError` unless it has OpenSSL's encoding.
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

    /// The id of the identity whose version 1 has this key: SHA-256 of the SubjectPublicKeyInfo.
    public var identityID: SHA256Digest { SHA256Digest(hashing: spkiDER) }

    /// Returns whether both are the same key.
    public static func == (left: PublicKey, right: PublicKey) -> Bool {
        left.spkiDER == right.spkiDER
    }
}
