public import CryptoCore
public import KeyFormats

/// `ssh-rsa`: RSAES-OAEP with SHA-256 under age's label, the key named by four bytes of its hash.
public enum AgeSSHRSA {
    /// The stanza's type.
    public static let type = "ssh-rsa"
    private static let label = Array("age-encryption.org/v1/ssh-rsa".utf8)
    private static let tagByteCount = 4

    /// The stanza's argument for a key.
    public static func tag(of key: PublicKey) -> String {
        Base64.encode(Array(key.fingerprint.digest.bytes.prefix(tagByteCount)), padded: false)
    }

    /// A recipient with this RSA key.
    public struct Recipient: AgeRecipient {
        /// What it is called in messages.
        public let name: String
        private let key: PublicKey

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
        private let key: RSAPrivateKey
        private let tag: String

        /// Takes a private key.
        public init(_ key: RSAPrivateKey, name: String) throws {
            self.key = key
            self.name = name
            tag = AgeSSHRSA.tag(of: try PublicKey(key.publicKey, allowingWeak: true))
        }

        /// The file key, where the stanza has this key's tag and opens.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            guard stanza.type == type else { return nil }
            guard stanza.arguments.count == 1 else {
                throw AgeError.header("an ssh-rsa stanza does not have exactly one argument")
            }
            // Four bytes may be another key's too: what does not open is not ours.
            guard stanza.arguments[0] == tag,
                stanza.body.count == (key.publicKey.bitCount + 7) / 8,
                let fileKey = try? key.decrypt(stanza.body, label: label)
            else { return nil }
            guard fileKey.count == AgeHeader.fileKeyByteCount else {
                throw AgeError.header("a file key has the wrong length")
            }
            return fileKey
        }
    }
}
