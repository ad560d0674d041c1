public import CryptoCore
public import KeyFormats

/// A signature of a file.
public protocol FileSignature: Sendable {
    /// The signature as a file.
    var encoded: [UInt8] { get }
    /// The SHA-256 digest of the signature itself, which a registry logs.
    var digest: SHA256Digest { get }
    /// The hash of the signed content.
    var contentHash: HashAlgorithm { get }

    /// Returns the key that signed content with this digest by `contentHash`.
    ///
    /// A signature that names its key ignores `candidates`. The caller decides whether that key
    /// counts. A signature that names no key is tried with each of `candidates`; the result is
    /// `nil` if none of them made it. Throws `SignatureError` (code `notVerified`) if the signature
    /// is for another namespace, or does not verify.
    func signer(
        ofDigest digest: [UInt8],
        namespace: String,
        candidates: [PublicKey]
    ) throws -> PublicKey?
}
