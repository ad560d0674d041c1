public import CryptoCore

/// One key of a key file.
public struct KeyEntry: Sendable {
    /// The key.
    public let material: KeyMaterial
    /// What the file calls it: a comment, a key id, a principal, a subject.
    public let name: String
    /// Whom the certificate names that the key comes from; `nil` where it comes from none.
    public let certificate: CertificateNames?

    /// Takes a key and what it is called.
    public init(_ material: KeyMaterial, name: String = "", certificate: CertificateNames? = nil) {
        self.material = material
        self.name = name
        self.certificate = certificate
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

    /// Whether it is a private key, open or under a passphrase.
    public var isPrivate: Bool {
        switch material {
        case .privateKey, .lockedPrivateKey: true
        case .publicKey, .otherKind: false
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
    /// The key, where the file's passphrase is empty; `nil` where it has one.
    func openWithoutPassphrase() throws -> RSAPrivateKey?
}

extension LockedPrivateKey {
    /// Most formats have no key under an empty passphrase.
    public func openWithoutPassphrase() throws -> RSAPrivateKey? { nil }
}
