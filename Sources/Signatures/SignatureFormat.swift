public import CryptoCore
public import KeyOperations

/// One format of signatures of files.
///
/// `SignatureFormats.all` has the built-in formats. docs/signatures.md says why a signature of one
/// format is not valid in another.
public protocol SignatureFormat: Sendable {
    /// The stable name.
    var id: String { get }
    /// A short description for lists.
    var title: String { get }
    /// Whether a signature is written as text.
    var isText: Bool { get }
    /// Whether a signature contains its namespace, which is its purpose.
    var hasNamespace: Bool { get }
    /// Whether a signature names the key that made it.
    var namesKey: Bool { get }
    /// The hash of the content for new signatures.
    var contentHash: HashAlgorithm { get }

    /// Signs content with this digest by `contentHash`.
    ///
    /// A format without namespaces ignores `namespace`. Throws `SignatureError` for one that cannot
    /// be written, and `CryptoError` where the library fails.
    func sign(
        _ digest: [UInt8],
        namespace: String,
        key: any SigningKey
    ) throws -> any FileSignature

    /// Reads a signature file; throws `SignatureError` where it is damaged.
    func read(_ bytes: [UInt8]) throws -> any FileSignature
}
