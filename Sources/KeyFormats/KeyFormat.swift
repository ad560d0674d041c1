public import CryptoCore

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

/// The table of key formats.
public enum KeyFormats {
    /// Largest file that is read: 16 MiB.
    public static let largestByteCount = 16 << 20

    /// Every format, in the order in which they are tried.
    public static let all: [any KeyFormat] = [
        SubjectPublicKeyInfo(isPEM: true), SubjectPublicKeyInfo(isPEM: false),
        PKCS1(isPEM: true), PKCS1(isPEM: false), PKCS8(isPEM: true), PKCS8(isPEM: false),
        OpenSSHLine(), OpenSSHPrivateKey(), RFC4716(), JSONWebKey(), JSONWebKeySet(),
        PKCS12File(), Certificate(isPEM: true), Certificate(isPEM: false),
        SigningRequest(isPEM: true), SigningRequest(isPEM: false), AuthorizedKeys(),
        AllowedSigners(),
    ]

    /// The format with this id.
    public static func named(_ id: String) -> (any KeyFormat)? { all.first { $0.id == id } }

    /// The keys in these bytes, whatever their format.
    ///
    /// Throws `KeyFormatError` where no format fits, and what is wrong where one fits and the bytes
    /// are broken.
    public static func decode(_ bytes: RawSpan) throws -> KeyFile {
        guard bytes.byteCount <= largestByteCount else { throw KeyFormatError.tooLarge }
        for format in all where format.probe(bytes) {
            return KeyFile(format: format, entries: try format.decode(bytes))
        }
        throw unknown(bytes)
    }

    private static func unknown(_ bytes: RawSpan) -> KeyFormatError {
        guard let block = try? PEM.block(in: bytes) else { return KeyFormatError.unknownFormat }
        switch block.label {
        case "EC PRIVATE KEY", "DSA PRIVATE KEY": return KeyFormatError.otherKind(block.label)
        default: return KeyFormatError.unknownLabel(block.label)
        }
    }
}

/// What a key file holds.
public struct KeyFile: Sendable {
    /// How it is written.
    public let format: any KeyFormat
    /// Its keys, in their order.
    public let entries: [KeyEntry]

    /// The one public key of a file; throws `KeyFormatError` where there is another number.
    public func onlyPublicKey() throws -> PublicKey {
        if entries.count == 1, case .otherKind(let kind) = entries[0].material {
            throw KeyFormatError.otherKind(kind)
        }
        guard entries.count == 1, case .publicKey(let key) = entries[0].material else {
            throw KeyFormatError.notOneKey
        }
        return key
    }
}

/// One key of a key file.
public struct KeyEntry: Sendable {
    /// The key.
    public let material: KeyMaterial
    /// What the file calls it: a comment, a key id, a principal, a subject.
    public let name: String

    /// Takes a key and what it is called.
    public init(_ material: KeyMaterial, name: String = "") {
        self.material = material
        self.name = name
    }

    /// The public half, where it can be had without a passphrase.
    public var publicKey: PublicKey? {
        switch material {
        case .publicKey(let key): key
        case .privateKey(let key): try? PublicKey(key.publicKey, allowingWeak: true)
        case .lockedPrivateKey(let key): key.publicKey
        case .otherKind: nil
        }
    }
}

/// What an entry of a key file is.
public enum KeyMaterial: Sendable {
    /// A public key.
    case publicKey(PublicKey)
    /// A private key that no passphrase protects, its parts checked.
    case privateKey(RSAPrivateKey)
    /// A private key under a passphrase.
    case lockedPrivateKey(any LockedPrivateKey)
    /// A key of another kind than RSA, by its name: left alone.
    case otherKind(String)
}

/// A private key under a passphrase.
public protocol LockedPrivateKey: Sendable {
    /// How it is encrypted, for people.
    var protection: String { get }
    /// The public half, where it stands outside the encryption.
    var publicKey: PublicKey? { get }
    /// The key; throws `CryptoError` for a wrong passphrase and for damage alike.
    func open(passphrase: RawSpan) throws -> RSAPrivateKey
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

    /// Takes what writing a key file takes.
    public init(
        passphrase: Passphrase? = nil,
        usesScrypt: Bool = false,
        subject: CertificateSubject? = nil,
        dayCount: Int64 = 365,
        time: Timestamp
    ) {
        self.passphrase = passphrase
        self.usesScrypt = usesScrypt
        self.subject = subject
        self.dayCount = dayCount
        self.time = time
    }
}
