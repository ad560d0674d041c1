public import CryptoCore
public import KeyFormats

/// A signature of a file.
public protocol FileSignature: Sendable {
    /// The signature as a file.
    var encoded: [UInt8] { get }
    /// The SHA-256 digest of the signature, which a log records.
    var digest: SHA256Digest { get }
    /// The hash of the signed content.
    var contentHash: HashAlgorithm { get }

    /// The key that signed content with this digest by `contentHash`.
    ///
    /// A signature that names no key is tried with each of `candidates`; `nil` where none of them
    /// made it. Throws `SignatureError` where it is for another namespace, or does not verify.
    func signer(
        ofDigest digest: [UInt8],
        namespace: String,
        candidates: [PublicKey]
    ) throws -> PublicKey?
}
