public import CryptoCore
public import KeyFormats
public import KeyOperations

/// `ssh-rsa`: RSAES-OAEP with SHA-256 under age's label, the key named by four bytes of its hash
/// (age's agessh; the C2SP specification leaves it out).
public struct AgeSSHRSA: RecipientKind {
    /// The type of its stanzas.
    public static let type = "ssh-rsa"
    /// The type of its stanzas.
    public let stanzaType = AgeSSHRSA.type
    /// What it is.
    public let title = "RSA key, as OpenSSH writes it"
    /// How OpenSSH's public keys begin: those of other algorithms are named in the error.
    public let recipientPrefix: String? = "ssh-"
    /// A stanza tells four bytes of the key's hash.
    public let stanzaName = "an RSA key that is not known here"
    private static let label = Array("age-encryption.org/v1/ssh-rsa".utf8)
    private static let tagByteCount = 4

    /// Takes nothing: there is one.
    public init() {}

    /// Reads an OpenSSH public key line, such as `ssh-rsa AAAA… alice`; throws `KeyFormatError` for
    /// another key, and accepts a weak one: its caller judges it.
    public func recipient(_ text: String) throws -> any AgeRecipient {
        let key = try KeyFormats.publicKey(openSSHLine: text)
        return Recipient(key, name: key.fingerprint.description)
    }

    /// The argument of a stanza for a key: four bytes of SHA-256, in base64.
    public static func tag(of key: PublicKey) -> String {
        Base64.encode(Array(key.fingerprint.digest.bytes.prefix(tagByteCount)), padded: false)
    }

    /// The argument of a stanza of this kind; `nil` for every other stanza.
    public static func tag(of stanza: AgeStanza) -> String? {
        stanza.type == type ? stanza.arguments.first : nil
    }

    /// A recipient with this RSA key.
    public struct Recipient: AgeRecipient {
        /// What it is called in messages.
        public let name: String
        private let key: PublicKey
        /// How it wraps file keys.
        public var kind: any RecipientKind { AgeSSHRSA() }
        /// The key.
        public var rsaKey: PublicKey? { key }

        /// Takes a public key.
        public init(_ key: PublicKey, name: String) {
            self.key = key
            self.name = name
        }

        /// Wraps a file key.
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
        /// What it is called in messages.
        public let name: String
        private let key: any DecryptingKey
        private let publicKey: PublicKey
        private let tag: String

        /// Takes a private key.
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

        /// The file key, where the stanza has this key's tag and opens.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            guard stanza.type == type else { return nil }
            guard stanza.arguments.count == 1 else {
                throw AgeError.header("an ssh-rsa stanza does not have exactly one argument")
            }
            guard stanza.arguments[0] == tag,
                stanza.body.count == (key.publicKey.bitCount + 7) / 8
            else { return nil }
            let fileKey: SecretBytes
            do { fileKey = try key.unwrap(stanza.body, label: label) } catch is CryptoError {
                // Another key may have the same four bytes: a stanza that does not open is for it.
                return nil
            }
            guard fileKey.count == AgeHeader.fileKeyByteCount else {
                throw AgeError.header("a file key has the wrong length")
            }
            return fileKey
        }
    }
}
