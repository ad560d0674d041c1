internal import Crypto
public import CryptoCore
internal import FoundationEssentials

/// A private X-Wing key.
///
/// The library keeps the seed and the derived keys in ordinary memory while this value lives, and
/// does not cleanse them afterwards. While it opens a message, it also copies the shared secret. So
/// keep this value only as long as it is needed.
public struct XWingPrivateKey: Sendable {
    /// The public key.
    public let publicKey: XWingPublicKey
    private let key: XWingMLKEM768X25519.PrivateKey

    /// Derives the key from a seed of `XWing.seedByteCount` random bytes; throws `CryptoError` for
    /// another length.
    public init(seed: RawSpan) throws(CryptoCore.CryptoError) {
        do {
            // SAFETY: the library copies the bytes during the call.
            key = try unsafe seed.withUnsafeBytes { bytes in
                try unsafe XWingMLKEM768X25519.PrivateKey(
                    seedRepresentation: bytes,
                    publicKey: nil
                )
            }
        } catch { throw CryptoCore.CryptoError.malformed("post-quantum private key") }
        publicKey = XWingPublicKey(key.publicKey)
    }

    /// Opens a message that `XWingPublicKey.seal` made with the same `info`.
    ///
    /// Throws `CryptoError`: `invalidEncoding` if the encapsulated key has another length or
    /// contains a point of low order, and `authenticationFailed` if the message is for another key
    /// or was changed.
    public func open(
        _ message: XWingMessage,
        info: [UInt8]
    ) throws(CryptoCore.CryptoError) -> SecretBytes {
        var recipient: HPKE.Recipient
        do {
            recipient = try HPKE.Recipient(
                privateKey: key,
                ciphersuite: XWing.ciphersuite,
                info: Data(info),
                encapsulatedKey: Data(message.encapsulatedKey)
            )
        } catch { throw CryptoCore.CryptoError.malformed("encapsulated key") }
        do {
            // The library returns the message in ordinary memory, which is overwritten here.
            var plain = try recipient.open(message.ciphertext)
            defer { plain.resetBytes(in: plain.startIndex..<plain.endIndex) }
            return SecretBytes(copying: plain.bytes)
        } catch { throw CryptoCore.CryptoError.wrongKey }
    }
}
