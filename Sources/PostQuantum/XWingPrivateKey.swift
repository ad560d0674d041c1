internal import Crypto
public import CryptoCore
internal import FoundationEssentials

/// A private X-Wing key.
///
/// The library keeps the seed and the keys that it makes from it in ordinary memory for as long as
/// this value lives, and does not cleanse them afterwards. It makes further copies while it opens a
/// message: the shared secret. So this value should live only as long as it is needed.
public struct XWingPrivateKey: Sendable {
    /// Its public side.
    public let publicKey: XWingPublicKey
    private let key: XWingMLKEM768X25519.PrivateKey

    /// Takes the `XWing.seedByteCount` random bytes that a key is made from; throws `CryptoError`
    /// for another number.
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

    /// Opens what `XWingPublicKey.seal` made with the same `info`.
    ///
    /// Throws `CryptoError`: `invalidEncoding` for an encapsulated key of another length or with a
    /// point of low order, `authenticationFailed` where the message is for another key or was
    /// changed.
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
            // The library hands the message out in ordinary memory, which is overwritten here.
            var plain = try recipient.open(message.ciphertext)
            defer { plain.resetBytes(in: plain.startIndex..<plain.endIndex) }
            return SecretBytes(copying: plain.bytes)
        } catch { throw CryptoCore.CryptoError.wrongKey }
    }
}
