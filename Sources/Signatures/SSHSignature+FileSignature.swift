public import CryptoCore
public import KeyFormats

extension SSHSignature: FileSignature {
    /// The signature as a file.
    public var encoded: [UInt8] { Array(armored.utf8) }
    /// The hash of the signed content.
    public var contentHash: HashAlgorithm { messageHash }

    /// Returns the key that it names; throws `SignatureError` unless that key made it for this
    /// namespace.
    ///
    /// It ignores `candidates`: the caller decides whether the key counts.
    public func signer(
        ofDigest digest: [UInt8],
        namespace: String,
        candidates: [PublicKey]
    ) throws -> PublicKey? {
        try requireValid(digest: digest, namespace: namespace)
        return publicKey
    }
}
