public import CryptoCore

/// One key of a key file.
public struct KeyEntry: Sendable {
    /// The key.
    public let material: KeyMaterial
    /// The name in the file: a comment, a key id, a principal or a subject.
    public let name: String
    /// The names in the certificate that holds the key; `nil` if no certificate does.
    public let certificate: CertificateNames?

    /// Stores a key and its name.
    public init(_ material: KeyMaterial, name: String = "", certificate: CertificateNames? = nil) {
        self.material = material
        self.name = name
        self.certificate = certificate
    }

    /// The public half; `nil` if only a passphrase gives it.
    public var publicKey: PublicKey? {
        switch material {
        case .publicKey(let key): key
        case .privateKey(let key): try? PublicKey(key.publicKey, allowingWeak: true)
        case .lockedPrivateKey(let key): key.publicKey
        case .otherKind: nil
        }
    }

    /// Whether it is a private key, with or without a passphrase.
    public var isPrivate: Bool {
        switch material {
        case .privateKey, .lockedPrivateKey: true
        case .publicKey, .otherKind: false
        }
    }
}

/// The kind of an entry in a key file.
public enum KeyMaterial: Sendable {
    /// A public key.
    case publicKey(PublicKey)
    /// A private key without a passphrase. Its parts were checked.
    case privateKey(RSAPrivateKey)
    /// A private key with a passphrase.
    case lockedPrivateKey(any LockedPrivateKey)
    /// A key that is not RSA, with the name of its kind.
    case otherKind(String)
}

/// A private key with a passphrase.
public protocol LockedPrivateKey: Sendable {
    /// The encryption, for people.
    var protection: String { get }
    /// The public half; `nil` if the file does not have it outside of the encryption.
    var publicKey: PublicKey? { get }
    /// Opens the key; throws the same `CryptoError` for a wrong passphrase and for damage.
    func open(passphrase: RawSpan) throws -> RSAPrivateKey
    /// Opens the key if the file's passphrase is empty; returns `nil` if it is not.
    func openWithoutPassphrase() throws -> RSAPrivateKey?
}

extension LockedPrivateKey {
    /// Returns `nil`: in most formats, a key has no empty passphrase.
    public func openWithoutPassphrase() throws -> RSAPrivateKey? { nil }
}
