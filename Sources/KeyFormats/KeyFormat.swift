public import CryptoCore
public import KeyOperations

/// A way to write keys down.
///
/// The built-in ones stand in `KeyFormats.all`; nothing else knows about any of them.
public protocol KeyFormat: Sendable {
    /// The stable name for `--format` and `--to`.
    var id: String { get }
    /// What it is, in a few words.
    var title: String { get }
    /// The file extension, without the dot.
    var fileExtension: String { get }
    /// What it can hold when it is written.
    var content: KeyContent { get }
    /// Whether what it writes is text.
    var isText: Bool { get }

    /// Whether these bytes are of this format, whole or broken.
    func probe(_ bytes: RawSpan) -> Bool
    /// The keys in these bytes, nothing left over; called only after `probe`.
    func decode(_ bytes: RawSpan) throws -> [KeyEntry]
    /// The keys in this format.
    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes
}

/// What a format can hold.
public struct KeyContent: Sendable {
    /// Whether private keys fit in.
    public let holdsPrivateKeys: Bool
    /// Whether public keys fit in.
    public let holdsPublicKeys: Bool
    /// Whether a private key can be encrypted in it.
    public let isEncryptable: Bool
    /// Whether it holds several keys.
    public let isList: Bool
    /// Whether writing it takes the private key, though what is written is public.
    public let needsSigner: Bool

    static let publicKey = KeyContent(public: true, private: false)
    static let publicKeys = KeyContent(public: true, private: false, list: true)

    init(
        public holdsPublicKeys: Bool,
        private holdsPrivateKeys: Bool,
        encryptable isEncryptable: Bool = false,
        list isList: Bool = false,
        signer needsSigner: Bool = false
    ) {
        self.holdsPublicKeys = holdsPublicKeys
        self.holdsPrivateKeys = holdsPrivateKeys
        self.isEncryptable = isEncryptable
        self.isList = isList
        self.needsSigner = needsSigner
    }
}

/// What writing a key file takes beside the keys.
public struct KeyEncoding: Sendable {
    /// The passphrase for private keys; without one they are written open.
    public var passphrase: Passphrase?
    /// Whether scrypt takes the place of PBKDF2 where the format has both.
    public var usesScrypt: Bool
    /// Whom a certificate or a request names.
    public var subject: CertificateSubject?
    /// For how many days a certificate is valid.
    public var dayCount: Int64
    /// When it is written.
    public var time: Timestamp
    /// The key that signs a certificate or a request, where the entry is its public half.
    public var signer: (any SigningKey)?

    /// Takes what writing a key file takes.
    public init(
        passphrase: Passphrase? = nil,
        usesScrypt: Bool = false,
        subject: CertificateSubject? = nil,
        dayCount: Int64 = 365,
        time: Timestamp,
        signer: (any SigningKey)? = nil
    ) {
        self.passphrase = passphrase
        self.usesScrypt = usesScrypt
        self.subject = subject
        self.dayCount = dayCount
        self.time = time
        self.signer = signer
    }
}
