public import CryptoCore

/// `X25519`: age's own keys, `age1…` and `AGE-SECRET-KEY-1…` (C2SP age § X25519).
public struct AgeX25519: AgeKeyKind {
    /// The type of its stanzas.
    public let stanzaType = AgeX25519.type
    /// A short description for lists.
    public let title = "age key"
    /// The first characters of its recipients.
    public let recipientPrefix: String? = "age1"
    /// The first characters of its identities.
    public let identityPrefix: String? = "AGE-SECRET-KEY-1"
    private static let type = "X25519"
    private static let info = Array("age-encryption.org/v1/X25519".utf8)
    private static let publicPrefix = "age"
    private static let privatePrefix = "age-secret-key-"

    /// Creates the one value of this kind.
    public init() {}

    /// Reads `age1…`; throws `AgeError` for anything else.
    public func recipient(_ text: String) throws -> any AgeRecipient { try Recipient(text) }

    /// Reads `AGE-SECRET-KEY-1…`; `nil` for anything else.
    public func identity(_ text: RawSpan) -> (any AgeIdentity)? { Identity(text) }

    /// Makes an identity from 32 random bytes; throws `CryptoError` if the random source fails.
    public func makeIdentity() throws -> NewAgeIdentity {
        let secret = try SecretBytes.random(count: X25519.byteCount)
        let identity = try Identity(secret: secret.bytes)
        return NewAgeIdentity(
            Bech32.secretText(prefix: AgeX25519.privatePrefix, secret.bytes),
            recipient: identity.name
        )
    }

    /// A recipient `age1…`.
    public struct Recipient: AgeRecipient {
        /// The recipient's text, which is also its name.
        public let name: String
        private let key: [UInt8]
        /// The recipient kind.
        public var kind: any RecipientKind { AgeX25519() }

        /// Reads `age1…`; throws `AgeError` for anything else.
        public init(_ text: String) throws {
            let key = Bech32.publicKey(text, prefix: publicPrefix, byteCount: X25519.byteCount)
            guard let key else { throw AgeError.notARecipient(text) }
            self.key = key
            name = text
        }

        init(key: [UInt8]) {
            self.key = key
            name = Bech32.encode(prefix: publicPrefix, key)
        }

        /// Wraps a file key for this recipient, with a new ephemeral key pair.
        public func wrap(_ fileKey: RawSpan) throws -> AgeStanza {
            let ephemeral = try SecretBytes.random(count: X25519.byteCount)
            let share = try X25519.publicKey(of: ephemeral.bytes)
            let secret = try X25519.sharedSecret(ephemeral.bytes, with: key)
            let wrapKey = try wrapKey(secret.bytes, share: share, recipient: key)
            return AgeStanza(
                type: type,
                arguments: [Base64.encode(share, padded: false)],
                body: try WrappedFileKey.seal(fileKey, wrapKey: wrapKey.bytes)
            )
        }
    }

    /// An identity `AGE-SECRET-KEY-1…`.
    public struct Identity: AgeIdentity {
        /// The name in messages: the recipient's text.
        public var name: String { recipient.name }
        /// The text of this identity's recipient.
        public var recipientText: String? { recipient.text }
        private let data: BechData
        /// The recipient of this identity.
        public let recipient: Recipient
        private let publicKey: [UInt8]

        /// Reads `AGE-SECRET-KEY-1…`; `nil` for anything else.
        public init?(_ text: RawSpan) {
            guard let data = Bech32.secret(text, prefix: privatePrefix),
                let publicKey = try? data.bytes.withBytes({ try X25519.publicKey(of: $0) })
            else { return nil }
            self.data = data
            self.publicKey = publicKey
            recipient = Recipient(key: publicKey)
        }

        /// Creates an identity from 32 random bytes, the secret key (RFC 7748 § 5).
        public init(secret: RawSpan) throws(CryptoError) {
            publicKey = try X25519.publicKey(of: secret)
            data = BechData(copying: secret)
            recipient = Recipient(key: publicKey)
        }

        /// Its public side.
        public func makeRecipient() throws -> (any AgeRecipient)? { recipient }

        /// The file key, where the stanza opens.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            guard stanza.type == type else { return nil }
            guard stanza.arguments.count == 1,
                let share = Base64.decode(stanza.arguments[0], padded: false),
                share.count == X25519.byteCount, stanza.body.count == WrappedFileKey.byteCount
            else { throw AgeError.header("an X25519 stanza is damaged") }
            let secret: SecretBytes
            do {
                secret = try data.bytes.withBytes { try X25519.sharedSecret($0, with: share) }
            } catch { throw AgeError.header("an X25519 stanza is damaged") }
            let wrapKey = try wrapKey(secret.bytes, share: share, recipient: publicKey)
            return WrappedFileKey.open(stanza.body, wrapKey: wrapKey.bytes)
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
            count: WrappedFileKey.wrapKeyByteCount
        )
    }
}
