public import CryptoCore
public import Failures
internal import PostQuantum

/// `mlkem768x25519`: age's post-quantum keys, `age1pq1…` and `AGE-SECRET-KEY-PQ-1…` (C2SP age §
/// mlkem768x25519).
///
/// It uses HPKE with a key that combines ML-KEM-768 and X25519.
public struct AgeHybrid: AgeKeyKind {
    /// The type of its stanzas.
    public let stanzaType = AgeHybrid.type
    /// A short description for lists.
    public let title = "post-quantum age key"
    /// The first characters of its recipients.
    public let recipientPrefix: String? = "age1pq1"
    /// The first characters of its identities.
    public let identityPrefix: String? = "AGE-SECRET-KEY-PQ-1"
    /// A quantum computer does not find its keys.
    public let company: RecipientCompany? = .postQuantum
    /// A stanza tells nothing of its key.
    public let stanzaName = "somebody with a post-quantum key (\(AgeHybrid.type))"
    private static let type = "mlkem768x25519"
    private static let info = Array("age-encryption.org/mlkem768x25519".utf8)
    private static let publicPrefix = "age1pq"
    private static let privatePrefix = "age-secret-key-pq-"
    private static let wrappedByteCount = AgeHeader.fileKeyByteCount + XWing.tagByteCount

    /// Creates the one value of this kind.
    public init() {}

    /// Reads `age1pq1…`; throws `AgeError` for anything else.
    public func recipient(_ text: String) throws -> any AgeRecipient { try Recipient(text) }

    /// Reads `AGE-SECRET-KEY-PQ-1…`; `nil` for anything else.
    public func identity(_ text: RawSpan) -> (any AgeIdentity)? { Identity(text) }

    /// Makes an identity from 32 random bytes; throws `CryptoError` if the random source fails.
    public func makeIdentity() throws -> NewAgeIdentity {
        let seed = try SecretBytes.random(count: XWing.seedByteCount)
        return NewAgeIdentity(
            Bech32.secretText(prefix: AgeHybrid.privatePrefix, seed.bytes),
            recipient: try Identity(seed: seed.bytes).recipient.text
        )
    }

    /// A recipient `age1pq1…`.
    public struct Recipient: AgeRecipient {
        /// The recipient's text: 1,959 characters.
        public let text: String
        private let key: XWingPublicKey
        private static let shownCharacterCount = 24

        /// The recipient kind.
        public var kind: any RecipientKind { AgeHybrid() }
        /// The first characters of the text, for messages.
        public var name: String { "\(text.prefix(Recipient.shownCharacterCount))…" }

        /// Reads `age1pq1…`; throws `AgeError` for anything else.
        public init(_ text: String) throws {
            let bytes = Bech32.publicKey(
                text,
                prefix: publicPrefix,
                byteCount: XWing.publicKeyByteCount
            )
            guard let bytes, let key = try? XWingPublicKey(rawRepresentation: bytes) else {
                throw AgeError.notARecipient(text)
            }
            self.key = key
            self.text = text
        }

        fileprivate init(_ key: XWingPublicKey) {
            self.key = key
            text = Bech32.encode(prefix: publicPrefix, key.rawRepresentation)
        }

        /// Wraps a file key for this recipient.
        public func wrap(_ fileKey: RawSpan) throws -> AgeStanza {
            let message = try key.seal(fileKey, info: info)
            return AgeStanza(
                type: type,
                arguments: [Base64.encode(message.encapsulatedKey, padded: false)],
                body: message.ciphertext
            )
        }
    }

    /// An identity `AGE-SECRET-KEY-PQ-1…`.
    public struct Identity: AgeIdentity {
        /// The recipient of this identity.
        public let recipient: Recipient
        // The seed is in cleansed memory. The key is derived from it for each message, because the
        // library does not cleanse it.
        private let seed: BechData

        /// The name in messages: the first characters of the recipient.
        public var name: String { recipient.name }
        /// The text of this identity's recipient.
        public var recipientText: String? { recipient.text }

        /// Reads `AGE-SECRET-KEY-PQ-1…`; `nil` for anything else.
        public init?(_ text: RawSpan) {
            guard let data = Bech32.secret(text, prefix: privatePrefix),
                let identity = try? data.bytes.withBytes({ try Identity(seed: $0) })
            else { return nil }
            self = identity
        }

        /// Creates an identity from a seed of 32 random bytes; throws `CryptoError` for another
        /// length.
        public init(seed: RawSpan) throws(CryptoError) {
            recipient = Recipient(try XWingPrivateKey(seed: seed).publicKey)
            self.seed = BechData(copying: seed)
        }

        /// Its public side.
        public func makeRecipient() throws -> (any AgeRecipient)? { recipient }

        /// The file key, where the stanza opens.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            guard stanza.type == type else { return nil }
            guard stanza.arguments.count == 1,
                let encapsulatedKey = Base64.decode(stanza.arguments[0], padded: false),
                encapsulatedKey.count == XWing.encapsulatedKeyByteCount,
                stanza.body.count == wrappedByteCount
            else { throw AgeError.header("a \(type) stanza is damaged") }
            let message = XWingMessage(encapsulatedKey: encapsulatedKey, ciphertext: stanza.body)
            do {
                let key = try seed.bytes.withBytes { try XWingPrivateKey(seed: $0) }
                return try key.open(message, info: info)
            } catch let error as CryptoError {
                // A stanza for another key does not authenticate. A stanza with a point of low
                // order is damaged.
                guard error.code == .authenticationFailed else {
                    throw AgeError.header("a \(type) stanza is damaged")
                }
                return nil
            }
        }
    }
}
