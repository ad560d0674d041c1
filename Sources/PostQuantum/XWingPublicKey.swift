internal import Crypto
public import CryptoCore
internal import FoundationEssentials

/// A public X-Wing key.
public struct XWingPublicKey: Sendable {
    /// The key as X-Wing writes it: the ML-KEM-768 key, then the X25519 key.
    public let rawRepresentation: [UInt8]
    private let key: XWingMLKEM768X25519.PublicKey

    /// Takes the `XWing.publicKeyByteCount` bytes of a key; throws `CryptoError` for other bytes.
    ///
    /// The library looks at a key only when it uses it (FIPS 203 § 7.2, low-order points), so it is
    /// used once here.
    public init(rawRepresentation: [UInt8]) throws(CryptoCore.CryptoError) {
        guard rawRepresentation.count == XWing.publicKeyByteCount,
            let key = try? XWingMLKEM768X25519.PublicKey(rawRepresentation: rawRepresentation),
            (try? key.encapsulate()) != nil
        else { throw CryptoCore.CryptoError.malformed("post-quantum public key") }
        self.rawRepresentation = rawRepresentation
        self.key = key
    }

    /// Takes the key of a private key.
    init(_ key: XWingMLKEM768X25519.PublicKey) {
        rawRepresentation = Array(key.rawRepresentation)
        self.key = key
    }

    /// Seals a message with HPKE in base mode, and no associated data (RFC 9180 § 6.1).
    ///
    /// `info` separates one use of the key from another. Throws `CryptoError` where the library has
    /// no random numbers.
    public func seal(
        _ message: RawSpan,
        info: [UInt8]
    ) throws(CryptoCore.CryptoError) -> XWingMessage {
        do {
            var sender = try HPKE.Sender(
                recipientKey: key,
                ciphersuite: XWing.ciphersuite,
                info: Data(info)
            )
            // SAFETY: the library reads the bytes during the call, and keeps none of them.
            let ciphertext = try unsafe message.withUnsafeBytes { try unsafe sender.seal($0) }
            return XWingMessage(
                encapsulatedKey: Array(sender.encapsulatedKey),
                ciphertext: Array(ciphertext)
            )
        } catch { throw CryptoCore.CryptoError.malformed("post-quantum public key") }
    }
}
