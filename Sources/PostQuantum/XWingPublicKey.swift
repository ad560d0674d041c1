internal import Crypto
public import CryptoCore
internal import FoundationEssentials

/// A public X-Wing key.
public struct XWingPublicKey: Sendable {
    /// The encoded key: the ML-KEM-768 key, then the X25519 key.
    public let rawRepresentation: [UInt8]
    private let key: XWingMLKEM768X25519.PublicKey

    /// Reads a key of `XWing.publicKeyByteCount` bytes; throws `CryptoError` for other bytes.
    ///
    /// The library checks a key only when it uses the key (FIPS 203 § 7.2, low-order points), so it
    /// is used once here.
    public init(rawRepresentation: [UInt8]) throws(CryptoCore.CryptoError) {
        guard rawRepresentation.count == XWing.publicKeyByteCount,
            let key = try? XWingMLKEM768X25519.PublicKey(rawRepresentation: rawRepresentation),
            (try? key.encapsulate()) != nil
        else { throw CryptoCore.CryptoError.malformed("post-quantum public key") }
        self.rawRepresentation = rawRepresentation
        self.key = key
    }

    /// Creates the public key of a private key.
    init(_ key: XWingMLKEM768X25519.PublicKey) {
        rawRepresentation = Array(key.rawRepresentation)
        self.key = key
    }

    /// Encrypts a message with HPKE in base mode, without associated data (RFC 9180 § 6.1).
    ///
    /// `info` separates the uses of a key. Throws `CryptoError` if the random source fails.
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
            // SAFETY: the library reads the bytes during the call and keeps no pointer to them.
            let ciphertext = try unsafe message.withUnsafeBytes { try unsafe sender.seal($0) }
            return XWingMessage(
                encapsulatedKey: Array(sender.encapsulatedKey),
                ciphertext: Array(ciphertext)
            )
        } catch { throw CryptoCore.CryptoError.malformed("post-quantum public key") }
    }
}
