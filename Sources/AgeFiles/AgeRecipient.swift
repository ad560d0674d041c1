public import CryptoCore
public import KeyFormats
public import KeyOperations

/// Somebody for whom a file is encrypted: one of the two interfaces that carry all of age.
public protocol AgeRecipient {
    /// What it is called in messages.
    var name: String { get }
    /// Whether it must be a file's only recipient.
    var mustBeAlone: Bool { get }
    /// Wraps a file key.
    func wrap(_ fileKey: RawSpan) throws -> AgeStanza
}

extension AgeRecipient {
    /// Most recipients stand beside others.
    public var mustBeAlone: Bool { false }
}

/// Who can open what was encrypted: the other interface.
public protocol AgeIdentity {
    /// What it is called in messages.
    var name: String { get }
    /// The file key of a stanza; `nil` where the stanza is for somebody else.
    ///
    /// Throws where the stanza is broken.
    func unwrap(_ stanza: AgeStanza) throws -> SecretBytes?
}

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
        private let key: any DecryptingKey
        private let tag: String

        /// Takes a private key.
        public init(_ key: any DecryptingKey, name: String) throws {
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
                let fileKey = try? key.unwrap(stanza.body, label: label)
            else { return nil }
            guard fileKey.count == AgeHeader.fileKeyByteCount else {
                throw AgeError.header("a file key has the wrong length")
            }
            return fileKey
        }
    }
}

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

/// `scrypt`: a passphrase.
public enum AgeScrypt {
    /// The stanza's type.
    public static let type = "scrypt"
    private static let saltLabel = Array("age-encryption.org/v1/scrypt".utf8)
    private static let saltByteCount = 16
    private static let wrappedByteCount = AgeHeader.fileKeyByteCount + ChaChaPoly.tagByteCount
    private static let nonce = [UInt8](repeating: 0, count: ChaChaPoly.nonceByteCount)
    /// The work factor that is written: N = 2¹⁸, a second and 256 MiB.
    public static let workFactor = 18
    /// The largest work factor that is read: four times as dear would occupy the machine.
    public static let largestWorkFactor = 20

    /// A recipient who knows the passphrase.
    public struct Recipient: AgeRecipient {
        /// What it is called in messages.
        public let name = "a passphrase"
        /// A passphrase is a file's only recipient.
        public let mustBeAlone = true
        private let passphrase: Passphrase
        private let workFactor: Int

        /// Takes a passphrase.
        public init(_ passphrase: Passphrase, workFactor: Int = AgeScrypt.workFactor) {
            self.passphrase = passphrase
            self.workFactor = workFactor
        }

        /// Wraps a file key.
        public func wrap(_ fileKey: RawSpan) throws -> AgeStanza {
            let salt = try SecureRandom.bytes(count: saltByteCount)
            let key = try passphrase.bytes.withBytes {
                try wrapKey($0, salt: salt, workFactor: workFactor)
            }
            return AgeStanza(
                type: type,
                arguments: [Base64.encode(salt, padded: false), "\(workFactor)"],
                body: try ChaChaPoly.seal(fileKey, key: key.bytes, nonce: nonce)
            )
        }
    }

    /// An identity that knows the passphrase.
    public struct Identity: AgeIdentity {
        /// What it is called in messages.
        public let name = "the passphrase"
        private let passphrase: () throws -> Passphrase

        /// Takes a passphrase, which is asked for only when a file needs one.
        public init(_ passphrase: @escaping () throws -> Passphrase) {
            self.passphrase = passphrase
        }

        /// The file key, where the passphrase is right.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            guard stanza.type == type else { return nil }
            let (salt, factor) = try AgeScrypt.parameters(of: stanza)
            guard factor <= largestWorkFactor else { throw tooCostly(factor) }
            let key = try passphrase().bytes.withBytes {
                try wrapKey($0, salt: salt, workFactor: factor)
            }
            return try? ChaChaPoly.open(stanza.body, key: key.bytes, nonce: nonce)
        }
    }

    private static func parameters(of stanza: AgeStanza) throws(AgeError) -> ([UInt8], Int) {
        guard stanza.arguments.count == 2,
            let salt = Base64.decode(stanza.arguments[0], padded: false),
            salt.count == saltByteCount, let factor = Int(stanza.arguments[1]), factor > 0,
            factor < 64, "\(factor)" == stanza.arguments[1],
            stanza.body.count == wrappedByteCount
        else { throw AgeError.header("a scrypt stanza is damaged") }
        return (salt, factor)
    }

    private static func tooCostly(_ factor: Int) -> AgeError {
        AgeError.header("trying a passphrase would take too long (work factor \(factor))")
    }

    private static func wrapKey(
        _ passphrase: RawSpan,
        salt: [UInt8],
        workFactor: Int
    ) throws -> SecretBytes {
        let parameters = Scrypt.Parameters(
            cost: 1 << UInt64(workFactor),
            blockSize: 8,
            parallelization: 1
        )
        guard let parameters else { throw tooCostly(workFactor) }
        return try Scrypt.derive(
            from: passphrase,
            salt: saltLabel + salt,
            parameters: parameters,
            count: ChaChaPoly.keyByteCount
        )
    }
}
