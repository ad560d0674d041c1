public import CryptoCore
public import KeyOperations

/// A format of signatures of files.
///
/// `SignatureFormats.all` lists the built-in formats. docs/signatures.md says why a signature of
/// one format never counts as a signature of another.
public protocol SignatureFormat: Sendable {
    /// The stable name of the format, for example `sshsig`.
    var id: String { get }
    /// The name of the format for people, in a few words.
    var title: String { get }
    /// Whether a signature is a text file.
    var isText: Bool { get }
    /// Whether a signature names what it is for.
    var hasNamespace: Bool { get }
    /// Whether a signature names the key that made it.
    var namesKey: Bool { get }
    /// The hash of the content for new signatures.
    var contentHash: HashAlgorithm { get }

    /// Signs content with this digest by `contentHash`.
    ///
    /// A format without namespaces ignores `namespace`. Throws `SignatureError` (code `usage`) if
    /// the namespace is not valid, and `CryptoError` if OpenSSL fails.
    func sign(
        _ digest: [UInt8],
        namespace: String,
        key: any SigningKey
    ) throws -> any FileSignature

    /// Reads a signature file; throws `SignatureError` (code `damaged`) if it cannot be read.
    func read(_ bytes: [UInt8]) throws -> any FileSignature
}
