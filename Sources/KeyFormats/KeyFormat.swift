public import CryptoCore
public import KeyOperations

/// A format of key files.
///
/// `KeyFormats.all` lists the built-in formats. No other code knows any of them.
public protocol KeyFormat: Sendable {
    /// The stable name for `--format` and `--to`.
    var id: String { get }
    /// The name of the format, in a few words.
    var title: String { get }
    /// The file extension, without the dot.
    var fileExtension: String { get }
    /// What a file of this format can hold.
    var content: KeyContent { get }
    /// Whether the format is text.
    var isText: Bool { get }

    /// Returns whether bytes are of this format, complete or broken.
    func probe(_ bytes: RawSpan) -> Bool
    /// Reads the keys in bytes that `probe` recognised; throws if they are damaged.
    func decode(_ bytes: RawSpan) throws -> [KeyEntry]
    /// Writes keys in this format; throws `KeyFormatError` if the format cannot hold them.
    func encode(_ entries: [KeyEntry], _ encoding: KeyEncoding) throws -> SecretBytes
}

/// What a format can hold.
public struct KeyContent: Sendable {
    /// Whether it can hold private keys.
    public let holdsPrivateKeys: Bool
    /// Whether it can hold public keys.
    public let holdsPublicKeys: Bool
    /// Whether a private key can be encrypted in it.
    public let isEncryptable: Bool
    /// Whether it can hold several keys.
    public let isList: Bool
    /// Whether writing it needs the private key, although the file is public.
    public let needsSigner: Bool

    static let publicKey = KeyContent(public: true, private: false)
    static let publicKeys = KeyContent(public: true, private: false, list: true)

    /// Says what a format can hold.
    public init(
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

/// The options for writing a key file.
public struct KeyEncoding: Sendable {
    /// The passphrase for private keys; `nil`: they are written unencrypted.
    public var passphrase: Passphrase?
    /// Whether scrypt is used instead of PBKDF2, if the format has both.
    public var usesScrypt: Bool
    /// The subject of a certificate or a request.
    public var subject: CertificateSubject?
    /// How long a certificate is valid, in days.
    public var dayCount: Int64
    /// The time of writing.
    public var time: Timestamp
    /// The key that signs a certificate or a request, where the entry is its public half.
    public var signer: (any SigningKey)?

    /// Stores the options.
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
