public import CryptoCore
public import KeyOperations

/// A way to write signatures of files.
///
/// The built-in ones stand in `SignatureFormats.all`. docs/signatures.md says why a signature of one
/// format is none of another.
public protocol SignatureFormat: Sendable {
    /// The stable name.
    var id: String { get }
    /// What it is, in a few words.
    var title: String { get }
    /// Whether a signature is written as text.
    var isText: Bool { get }
    /// Whether a signature says what it is for.
    var hasNamespace: Bool { get }
    /// Whether a signature says which key made it.
    var namesKey: Bool { get }
    /// The hash of the signed content, when a signature is made.
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
