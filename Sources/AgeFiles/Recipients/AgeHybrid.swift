public import CryptoCore
internal import PostQuantum

/// `mlkem768x25519`: age's post-quantum keys, `age1pq1…` and `AGE-SECRET-KEY-PQ-1…`
/// (C2SP age § mlkem768x25519): HPKE with a key that is ML-KEM-768 and X25519 in one.
public struct AgeHybrid: AgeKeyKind {
    /// The type of its stanzas.
    public let stanzaType = AgeHybrid.type
    /// What it is.
    public let title = "post-quantum age key"
    /// How its recipients begin.
    public let recipientPrefix: String? = "age1pq1"
    /// How its identities begin.
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

    /// Takes nothing: there is one.
    public init() {}

    /// Reads `age1pq1…`; throws `AgeError` for anything else.
    public func recipient(_ text: String) throws -> any AgeRecipient { try Recipient(text) }

    /// Reads `AGE-SECRET-KEY-PQ-1…`; `nil` for anything else.
    public func identity(_ text: RawSpan) -> (any AgeIdentity)? { Identity(text) }

    /// Makes an identity from 32 random bytes.
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

        /// How it wraps file keys.
        public var kind: any RecipientKind { AgeHybrid() }
        /// The text's first characters.
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

        /// Wraps a file key.
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
        /// Its public side.
        public let recipient: Recipient
        // The seed, in memory that is cleansed: the key itself is made for one message.
        private let seed: BechData

        /// What it is called in messages: its recipient.
        public var name: String { recipient.name }
        /// The recipient whose files it opens.
        public var recipientText: String? { recipient.text }

        /// Reads `AGE-SECRET-KEY-PQ-1…`; `nil` for anything else.
        public init?(_ text: RawSpan) {
            guard let data = Bech32.secret(text, prefix: privatePrefix),
                let identity = try? data.bytes.withBytes({ try Identity(seed: $0) })
            else { return nil }
            self = identity
        }

        /// Takes 32 random bytes as the seed of the key; throws `CryptoError` for another number.
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
                // Another key's stanza has a message that does not open; one with a point of low
                // order has no key at all.
                guard error.code == .authenticationFailed else {
                    throw AgeError.header("a \(type) stanza is damaged")
                }
                return nil
            }
        }
    }
}
