public import CryptoCore
public import KeyFormats
public import KeyOperations

/// A signature of the SSHSIG format (PROTOCOL.sshsig in openssh-portable); only RSA with SHA-2.
///
/// The signature is RSASSA-PKCS1-v1_5 (RFC 8017 § 8.2) over a structure with the namespace and the
/// digest of the message. docs/signatures.md says what separates it from other signatures.
public struct SSHSignature: Sendable {
    /// The first bytes of a signature and of the signed bytes.
    private static let magic = Array("SSHSIG".utf8)
    private static let version = 1
    static let label = "SSH SIGNATURE"
    /// The largest signature file that is read, in bytes: 64 KiB.
    public static let largestByteCount = 64 << 10
    private static let largestNamespaceByteCount = 256

    /// The key that the signature names.
    public let publicKey: PublicKey
    /// The purpose, 1 to 256 bytes of UTF-8: a signature for one namespace does not count in
    /// another one.
    public let namespace: String
    /// The hash over the message: `sha256` or `sha512`.
    public let messageHash: HashAlgorithm
    private let reserved: [UInt8]
    private let scheme: SignatureScheme
    private let signature: [UInt8]

    /// Signs the SHA-512 digest (64 bytes) of a message.
    ///
    /// Throws `SignatureError` (code `usage`) if the namespace is empty, longer than 256 bytes, or
    /// has white space or control characters. Throws `CryptoError` if OpenSSL fails.
    public init(
        signing digest: [UInt8],
        namespace: String,
        key: any SigningKey
    ) throws {
        guard SSHSignature.isNamespace(namespace) else { throw SignatureError.namespace(namespace) }
        publicKey = try PublicKey(key.publicKey, allowingWeak: true)
        self.namespace = namespace
        messageHash = .sha512
        reserved = []
        scheme = .pkcs1(.sha512)
        let signed = SSHSignature.signedBytes(namespace, [], .sha512, digest)
        signature = try key.sign(.digest(HashAlgorithm.sha512.digest(of: signed), scheme))
    }

    /// Reads a signature file.
    ///
    /// The armor must be its first bytes.
    ///
    /// Throws `SignatureError` if the file is damaged or uses a hash or an algorithm that is not
    /// accepted, and `KeyFormatError` if the key is not RSA.
    public init(armored text: [UInt8]) throws {
        guard text.count <= SSHSignature.largestByteCount else {
            throw SignatureError.damaged("it is too long")
        }
        guard text.starts(with: "-----BEGIN \(SSHSignature.label)-----".utf8) else {
            throw SignatureError.damaged("it does not begin with -----BEGIN SSH SIGNATURE-----")
        }
        let blob: [UInt8]
        do {
            blob = try PEM.decode(text.borrowedBytes, label: SSHSignature.label).publicBytes
        } catch {
            throw SignatureError.damaged("its armor is damaged")
        }
        guard blob.starts(with: SSHSignature.magic) else {
            throw SignatureError.damaged("its content does not begin with SSHSIG")
        }
        let content = Array(blob.dropFirst(SSHSignature.magic.count))
        var reader = SSHReader(content.borrowedBytes)
        guard reader.number() == SSHSignature.version, let key = reader.bytes(),
            let namespace = reader.bytes(), let reserved = reader.bytes(),
            let hash = reader.bytes(), let signature = reader.bytes(), reader.isAtEnd
        else { throw SignatureError.damaged("its fields are damaged") }
        guard let namespace = String(validating: namespace, as: UTF8.self),
            SSHSignature.isNamespace(namespace)
        else { throw SignatureError.damaged("its namespace is empty, or is not text") }
        let hashes: [HashAlgorithm] = [.sha256, .sha512]  // PROTOCOL.sshsig § 2
        guard let messageHash = hashes.first(where: { hash.elementsEqual($0.rawValue.utf8) })
        else { throw SignatureError.damaged("its hash is neither sha256 nor sha512") }
        var parts = SSHReader(signature.borrowedBytes)
        guard let algorithm = parts.bytes(), let bytes = parts.bytes(), parts.isAtEnd else {
            throw SignatureError.damaged("its fields are damaged")
        }
        var kind = SSHReader(key.borrowedBytes)
        if let name = kind.bytes(), name != Array(SSHWire.algorithm.utf8) {
            throw KeyFormatError.otherKind(String(decoding: name, as: UTF8.self))
        }
        publicKey = try PublicKey(SSHWire.key(from: key), allowingWeak: true)
        switch String(decoding: algorithm, as: UTF8.self) {
        case "rsa-sha2-512": scheme = .pkcs1(.sha512)
        case "rsa-sha2-256": scheme = .pkcs1(.sha256)
        default: throw SignatureError.damaged("it was not made with RSA and SHA-2")
        }
        self.namespace = namespace
        self.reserved = reserved
        self.messageHash = messageHash
        self.signature = bytes
    }

    /// Returns whether the key that it names signed the message with this digest (by
    /// `messageHash`), for this namespace.
    ///
    /// Anybody can make a signature that names a key of their own. So the caller also decides
    /// whether `publicKey` counts.
    public func isValid(digest: [UInt8], namespace: String) -> Bool {
        guard self.namespace == namespace else { return false }
        let signed = SSHSignature.signedBytes(namespace, reserved, messageHash, digest)
        guard let hash = try? scheme.hash.digest(of: signed) else { return false }
        return publicKey.rsa.isValidSignature(signature, ofDigest: hash, scheme: scheme)
    }

    /// Throws `SignatureError` (code `notVerified`) with the reason unless `isValid` holds.
    public func requireValid(digest: [UInt8], namespace: String) throws(SignatureError) {
        guard self.namespace == namespace else {
            throw SignatureError.otherNamespace(self.namespace, wanted: namespace)
        }
        guard isValid(digest: digest, namespace: namespace) else { throw SignatureError.changed }
    }

    /// The signature as the text of a file.
    public var armored: String {
        PEM.encode(blob, label: SSHSignature.label, lineCharacterCount: 70)
    }

    /// The SHA-256 digest of the signature itself, without the armor, which a registry logs.
    public var digest: SHA256Digest { SHA256Digest(hashing: blob) }

    private var blob: [UInt8] {
        let algorithm = scheme.hash == .sha512 ? "rsa-sha2-512" : "rsa-sha2-256"
        let parts = SSHWire.string(Array(algorithm.utf8)) + SSHWire.string(signature)
        return SSHSignature.magic + SSHWire.number(SSHSignature.version)
            + SSHWire.string(SSHWire.blob(of: publicKey.rsa))
            + SSHWire.string(Array(namespace.utf8)) + SSHWire.string(reserved)
            + SSHWire.string(Array(messageHash.rawValue.utf8)) + SSHWire.string(parts)
    }

    private static func signedBytes(
        _ namespace: String,
        _ reserved: [UInt8],
        _ hash: HashAlgorithm,
        _ digest: [UInt8]
    ) -> [UInt8] {
        magic + SSHWire.string(Array(namespace.utf8)) + SSHWire.string(reserved)
            + SSHWire.string(Array(hash.rawValue.utf8)) + SSHWire.string(digest)
    }

    private static func isNamespace(_ text: String) -> Bool {
        (1...largestNamespaceByteCount).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value != 127 }
    }
}
