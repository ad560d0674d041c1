public import CryptoCore
public import KeyFormats
public import KeyOperations

/// `ssh-rsa`: RSA keys, with RSAES-OAEP, SHA-256 and age's label.
///
/// A stanza names its key by four bytes of the key's hash. The kind is defined by age's package
/// `agessh`; the C2SP specification does not have it.
public struct AgeSSHRSA: RecipientKind {
    /// The type of its stanzas.
    public static let type = "ssh-rsa"
    /// The type of its stanzas.
    public let stanzaType = AgeSSHRSA.type
    /// A short description for lists.
    public let title = "RSA key, as OpenSSH writes it"
    /// The first characters of OpenSSH's public keys; keys of other algorithms get an error with
    /// their name.
    public let recipientPrefix: String? = "ssh-"
    /// The recipient in messages; a stanza has only four bytes of its key's hash.
    public let stanzaName = "an RSA key that is not known here"
    private static let label = Array("age-encryption.org/v1/ssh-rsa".utf8)
    private static let tagByteCount = 4

    /// Creates the one value of this kind.
    public init() {}

    /// Reads an OpenSSH public key line, such as `ssh-rsa AAAA… alice`.
    ///
    /// Throws `KeyFormatError` for a key of another algorithm. A weak key is accepted: the caller
    /// examines it.
    public func recipient(_ text: String) throws -> any AgeRecipient {
        let key = try KeyFormats.publicKey(openSSHLine: text)
        return Recipient(key, name: key.fingerprint.description)
    }

    /// Returns the tag of a key: the first four bytes of its SHA-256, in base64.
    public static func tag(of key: PublicKey) -> String {
        Base64.encode(Array(key.fingerprint.digest.bytes.prefix(tagByteCount)), padded: false)
    }

    /// Returns the tag in a stanza of this kind; `nil` for other stanzas.
    public static func tag(of stanza: AgeStanza) -> String? {
        stanza.type == type ? stanza.arguments.first : nil
    }

    /// Throws `AgeError` for a stanza of this kind that has not exactly one argument.
    public static func requireForm(of stanza: AgeStanza) throws(AgeError) {
        guard stanza.type != type || stanza.arguments.count == 1 else {
            throw AgeError.header("an ssh-rsa stanza does not have exactly one argument")
        }
    }

    /// A recipient with this RSA key.
    public struct Recipient: AgeRecipient {
        /// The name in messages.
        public let name: String
        private let key: PublicKey
        /// The recipient kind.
        public var kind: any RecipientKind { AgeSSHRSA() }
        /// The RSA key.
        public var rsaKey: PublicKey? { key }

        /// Creates a recipient from a public key.
        public init(_ key: PublicKey, name: String) {
            self.key = key
            self.name = name
        }

        /// Wraps a file key for this recipient.
        public func wrap(_ fileKey: RawSpan) throws -> AgeStanza {
            AgeStanza(
                type: type,
                arguments: [tag(of: key)],
                body: try key.rsa.encrypt(fileKey, label: label)
            )
        }
    }

    /// An identity with this RSA key.
    public struct Identity: AgeIdentity {
        /// The name in messages.
        public let name: String
        private let key: any DecryptingKey
        private let publicKey: PublicKey
        private let tag: String

        /// Creates an identity from a private key; throws `KeyOperationError` if the key cannot
        /// decrypt.
        public init(_ key: any DecryptingKey, name: String) throws {
            self.key = key
            self.name = name
            publicKey = try PublicKey(key.publicKey, allowingWeak: true)
            tag = AgeSSHRSA.tag(of: publicKey)
        }

        /// Its public side; a weak key is not refused here.
        public func makeRecipient() throws -> (any AgeRecipient)? {
            Recipient(publicKey, name: publicKey.fingerprint.description)
        }

        /// Unwraps the file key; returns `nil` if the stanza has another tag or does not decrypt.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            guard stanza.type == type else { return nil }
            try AgeSSHRSA.requireForm(of: stanza)
            guard stanza.arguments[0] == tag,
                stanza.body.count == (key.publicKey.bitCount + 7) / 8
            else { return nil }
            let fileKey: SecretBytes
            do { fileKey = try key.unwrap(stanza.body, label: label) } catch is CryptoError {
                // Another key may have the same four bytes, so the stanza may be for that key.
                return nil
            }
            guard fileKey.count == AgeHeader.fileKeyByteCount else {
                throw AgeError.header("a file key has the wrong length")
            }
            return fileKey
        }
    }
}
