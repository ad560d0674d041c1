public import CryptoCore
internal import KeyFormats

/// `X25519`: age's own keys, `age1…` and `AGE-SECRET-KEY-1…`.
public enum AgeX25519 {
    static let type = "X25519"
    private static let info = Array("age-encryption.org/v1/X25519".utf8)
    private static let publicPrefix = "age"
    private static let privatePrefix = "age-secret-key-"
    private static let wrappedByteCount = AgeHeader.fileKeyByteCount + ChaChaPoly.tagByteCount
    private static let nonce = [UInt8](repeating: 0, count: ChaChaPoly.nonceByteCount)

    /// A recipient `age1…`.
    public struct Recipient: AgeRecipient {
        /// What it is called in messages.
        public let name: String
        private let key: [UInt8]

        /// Reads `age1…`; throws `AgeError` for anything else.
        public init(_ text: String) throws {
            guard let (prefix, data) = Bech32.decode(Array(text.utf8).borrowedBytes),
                prefix == publicPrefix, text == text.lowercased()
            else {
                throw AgeError.key("\"\(Printable.text(text, limit: 80))\" is not an age recipient")
            }
            key = data.bytes.withBytes { SecretBytes(copying: $0).publicBytes }
            guard key.count == X25519.byteCount else {
                throw AgeError.key("\"\(Printable.text(text, limit: 80))\" is not an age recipient")
            }
            name = text
        }

        init(key: [UInt8]) {
            self.key = key
            name = Bech32.encode(prefix: publicPrefix, key)
        }

        /// Wraps a file key under a fresh key pair.
        public func wrap(_ fileKey: RawSpan) throws -> AgeStanza {
            let ephemeral = try SecretBytes.random(count: X25519.byteCount)
            let share = try X25519.publicKey(of: ephemeral.bytes)
            let secret = try X25519.sharedSecret(ephemeral.bytes, with: key)
            let wrapKey = try wrapKey(secret.bytes, share: share, recipient: key)
            return AgeStanza(
                type: type,
                arguments: [Base64.encode(share, padded: false)],
                body: try ChaChaPoly.seal(fileKey, key: wrapKey.bytes, nonce: nonce)
            )
        }
    }

    /// An identity `AGE-SECRET-KEY-1…`.
    public struct Identity: AgeIdentity {
        /// What it is called in messages: its recipient.
        public var name: String { recipient.name }
        private let data: BechData
        /// Its public side.
        public let recipient: Recipient
        private let publicKey: [UInt8]

        /// Reads `AGE-SECRET-KEY-1…`; `nil` for anything else.
        public init?(_ text: RawSpan) {
            guard let (prefix, data) = Bech32.decode(text), prefix == privatePrefix,
                let publicKey = try? data.bytes.withBytes({ try X25519.publicKey(of: $0) })
            else { return nil }
            self.data = data
            self.publicKey = publicKey
            recipient = Recipient(key: publicKey)
        }

        /// Takes 32 random bytes as the secret key (RFC 7748 § 5).
        public init(secret: RawSpan) throws(CryptoError) {
            publicKey = try X25519.publicKey(of: secret)
            data = BechData(copying: secret)
            recipient = Recipient(key: publicKey)
        }

        /// The file key, where the stanza opens.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            guard stanza.type == type else { return nil }
            guard stanza.arguments.count == 1,
                let share = Base64.decode(stanza.arguments[0], padded: false),
                share.count == X25519.byteCount, stanza.body.count == wrappedByteCount
            else { throw AgeError.header("an X25519 stanza is damaged") }
            let secret: SecretBytes
            do {
                secret = try data.bytes.withBytes { try X25519.sharedSecret($0, with: share) }
            } catch { throw AgeError.header("an X25519 stanza is damaged") }
            let wrapKey = try wrapKey(secret.bytes, share: share, recipient: publicKey)
            return try? ChaChaPoly.open(stanza.body, key: wrapKey.bytes, nonce: nonce)
        }
    }

    private static func wrapKey(
        _ secret: RawSpan,
        share: [UInt8],
        recipient: [UInt8]
    ) throws(CryptoError) -> SecretBytes {
        try HKDF.derive(
            from: secret,
            salt: share + recipient,
            info: info,
            count: ChaChaPoly.keyByteCount
        )
    }
}
