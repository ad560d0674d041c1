public import CryptoCore

/// `scrypt`: passphrases (C2SP age § scrypt).
public struct AgeScrypt: RecipientKind {
    /// The type of its stanzas.
    public let stanzaType = AgeScrypt.type
    /// A short description for lists.
    public let title = "passphrase"
    /// A passphrase is a file's only recipient.
    public let company: RecipientCompany? = .alone
    /// Whom a stanza is for.
    public let stanzaName = "a passphrase"
    static let type = "scrypt"
    private static let saltLabel = Array("age-encryption.org/v1/scrypt".utf8)
    private static let saltByteCount = 16
    /// The work factor for new files: N = 2¹⁸, which takes about a second and 256 MiB.
    public static let workFactor = 18
    /// The largest work factor that is accepted: 2²⁰, which takes four times as much.
    public static let largestWorkFactor = 20

    /// Creates the one value of this kind.
    public init() {}

    /// A recipient that knows the passphrase.
    public struct Recipient: AgeRecipient {
        /// The name in messages.
        public let name = "a passphrase"
        /// The recipient kind.
        public var kind: any RecipientKind { AgeScrypt() }
        private let passphrase: Passphrase
        private let workFactor: Int

        /// Creates a recipient from a passphrase.
        public init(_ passphrase: Passphrase, workFactor: Int = AgeScrypt.workFactor) {
            self.passphrase = passphrase
            self.workFactor = workFactor
        }

        /// Wraps a file key for this recipient.
        public func wrap(_ fileKey: RawSpan) throws -> AgeStanza {
            let salt = try SecureRandom.bytes(count: saltByteCount)
            let key = try passphrase.bytes.withBytes {
                try wrapKey($0, salt: salt, workFactor: workFactor)
            }
            return AgeStanza(
                type: type,
                arguments: [Base64.encode(salt, padded: false), "\(workFactor)"],
                body: try WrappedFileKey.seal(fileKey, wrapKey: key.bytes)
            )
        }
    }

    /// An identity that knows the passphrase.
    public struct Identity: AgeIdentity {
        /// The name in messages.
        public let name = "the passphrase"
        private let passphrase: () throws -> Passphrase

        /// Creates an identity; the closure asks for the passphrase when a file needs it.
        public init(_ passphrase: @escaping () throws -> Passphrase) {
            self.passphrase = passphrase
        }

        /// Unwraps the file key; returns `nil` if the passphrase is wrong.
        public func unwrap(_ stanza: AgeStanza) throws -> SecretBytes? {
            guard stanza.type == type else { return nil }
            let (salt, factor) = try AgeScrypt.parameters(of: stanza)
            guard factor <= largestWorkFactor else { throw tooCostly(factor) }
            let key = try passphrase().bytes.withBytes {
                try wrapKey($0, salt: salt, workFactor: factor)
            }
            return WrappedFileKey.open(stanza.body, wrapKey: key.bytes)
        }
    }

    private static func parameters(of stanza: AgeStanza) throws(AgeError) -> ([UInt8], Int) {
        guard stanza.arguments.count == 2,
            let salt = Base64.decode(stanza.arguments[0], padded: false),
            salt.count == saltByteCount, let factor = Int(stanza.arguments[1]), factor > 0,
            factor < 64, "\(factor)" == stanza.arguments[1],
            stanza.body.count == WrappedFileKey.byteCount
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
            count: WrappedFileKey.wrapKeyByteCount
        )
    }
}
